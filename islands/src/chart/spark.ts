// A line the size of a word, in SVG: the home page shows three and needs no chart library for them.
import type { Data } from './data';

const NS = 'http://www.w3.org/2000/svg';
const WIDTH = 240;
const HEIGHT = 52;
const PAD = 4;

function part(name: string, kind: string, attributes: Record<string, string>) {
  const made = document.createElementNS(NS, name);
  made.setAttribute('class', kind);
  for (const [key, text] of Object.entries(attributes)) made.setAttribute(key, text);
  return made;
}

export function drawSpark(host: HTMLElement, data: Data) {
  const values = data.series[0]!.values;
  const known = values.filter((v): v is number => v !== null);
  if (known.length < 2) return;
  // Parts of a whole stand on zero, so that nobody reads them as a rise or a fall.
  const parts = host.hasAttribute('bars');
  const low = parts ? 0 : Math.min(...known);
  const span = Math.max(...known) - low || 1;
  const x = (at: number) => PAD + (at / (values.length - 1)) * (WIDTH - 2 * PAD);
  const y = (v: number) => HEIGHT - PAD - ((v - low) / span) * (HEIGHT - 2 * PAD);
  const points = values.flatMap((v, at) => (v === null ? [] : [[x(at), y(v)] as const]));
  const path = points.map(([px, py], at) => `${at ? 'L' : 'M'}${px.toFixed(1)} ${py.toFixed(1)}`).join('');
  const last = points[points.length - 1]!;

  const svg = document.createElementNS(NS, 'svg');
  svg.setAttribute('class', 'jh-spark');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  if (parts) {
    const wide = WIDTH / (values.length - 0.2);
    const bar = (v: number | null, at: number) => {
      const high = v === null ? 0 : (v / span) * HEIGHT;
      return `M${(at * wide).toFixed(1)} ${HEIGHT}v${(-high).toFixed(1)}h${(wide * 0.8).toFixed(1)}V${HEIGHT}z`;
    };
    svg.append(part('path', 'jh-spark-bars', { d: values.map(bar).join('') }));
  } else {
    svg.append(
      part('path', 'jh-spark-line', { d: path }),
      // A line of no length with round ends: a dot that stretching leaves round.
      part('path', 'jh-spark-dot', { d: `M${last[0]} ${last[1]}h0` }),
    );
  }
  const ends = document.createElement('div');
  ends.className = 'jh-spark-ends';
  ends.setAttribute('aria-hidden', 'true');
  for (const name of [data.names[0], data.names[data.names.length - 1]]) {
    ends.appendChild(document.createElement('span')).textContent = name ?? '';
  }
  const table = document.createElement('div');
  table.className = 'visually-hidden';
  table.append(...host.childNodes);
  host.append(svg, ends, table);
  host.dataset.ready = '';
}
