// What a table says: the first column names, every other column is a series. A th with data-band="low" or "high"
// is an edge of the uncertainty band and no series of its own. A cell may hold its exact value in data-value.

export interface Series {
  name: string;
  values: (number | null)[];
}

export interface Data {
  names: string[];
  series: Series[];
  low?: (number | null)[];
  high?: (number | null)[];
}

function value(cell: Element | undefined): number | null {
  const text = cell?.getAttribute('data-value') ?? cell?.textContent ?? '';
  const plain = text.replace(/[\s,，]/g, '').replace(/[^0-9.eE+-].*$/, '');
  const number = Number.parseFloat(plain);
  return Number.isFinite(number) ? number : null;
}

export function readTable(table: HTMLTableElement): Data {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]).filter((row) => row.cells.length > 1);
  const data: Data = { names: rows.map((row) => row.cells[0]?.textContent?.trim() ?? ''), series: [] };
  heads.slice(1).forEach((head, at) => {
    const values = rows.map((row) => value(row.cells[at + 1]));
    const band = head.getAttribute('data-band');
    if (band === 'low') data.low = values;
    else if (band === 'high') data.high = values;
    else if (values.some((v) => v !== null)) data.series.push({ name: head.textContent?.trim() ?? '', values });
  });
  return data;
}
