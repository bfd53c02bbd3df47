// Tables: rows that open by click and keyboard, choosing all of them, and scrolling sideways by keyboard.
import { words } from '../words';
import { forThePage } from './focus';

const rowLink = (row: Element) => row.querySelector<HTMLElement>('a[href]');

/** j and k, or the arrows once inside a table: the next and the previous row. Enter opens, as on any link. */
function step(event: KeyboardEvent) {
  if (!forThePage(event)) return;
  const inside = (event.target as Element).closest?.('[data-rows]');
  const down = event.key === 'j' || (inside && event.key === 'ArrowDown');
  const up = event.key === 'k' || (inside && event.key === 'ArrowUp');
  if (!down && !up) return;
  const table = inside ?? document.querySelector('[data-rows]');
  if (!table) return;
  const links = [...table.querySelectorAll('tbody tr, li')].map(rowLink).filter((link) => link !== null);
  if (links.length === 0) return;
  const row = document.activeElement?.closest('[data-rows] tr, [data-rows] li');
  const at = row ? links.indexOf(rowLink(row)!) : -1;
  const next = at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + (down ? 1 : -1)));
  event.preventDefault();
  links[next]?.focus();
}

/** A click anywhere in a row follows its first link, unless it was meant for something else there. */
function press(event: MouseEvent) {
  const target = event.target as Element;
  const row = target.closest('table[data-rows] tbody tr');
  if (!row || event.button !== 0 || target.closest('a, button, input, label, select, summary, form')) return;
  if (String(getSelection()) !== '') return;
  const link = rowLink(row);
  if (link instanceof HTMLAnchorElement) {
    if (event.ctrlKey || event.metaKey) open(link.href, '_blank', 'noopener');
    else link.click();
  }
}

export function openRows() {
  document.addEventListener('keydown', step);
  document.addEventListener('click', press);
}

/** A checkbox with data-check-all="name" chooses every checkbox of that name; [data-check-count] says how many. */
export function chooseAll(part: ParentNode) {
  for (const all of part.querySelectorAll<HTMLInputElement>('input[data-check-all]')) {
    const form = all.form ?? document;
    const boxes = () => [...form.querySelectorAll<HTMLInputElement>(`input[type=checkbox][name="${CSS.escape(all.dataset.checkAll!)}"]`)];
    const tell = () => {
      const chosen = boxes().filter((box) => box.checked).length;
      all.checked = chosen > 0 && chosen === boxes().length;
      all.indeterminate = chosen > 0 && !all.checked;
      form.querySelectorAll('[data-check-count]').forEach((place) => (place.textContent = String(chosen)));
    };
    all.addEventListener('change', () => {
      const wanted = all.checked;
      boxes().forEach((box) => (box.checked = wanted));
      tell();
    });
    form.addEventListener('change', (event) => event.target !== all && tell());
    tell();
  }
}

/** What is wider than its place can be reached by keyboard. */
export function scrollable(part: ParentNode) {
  for (const wrap of part.querySelectorAll<HTMLElement>('.jh-table-wrap, .jh-code pre')) {
    const caption = wrap.querySelector('caption')?.textContent?.trim();
    const check = () => {
      const wide = wrap.scrollWidth > wrap.clientWidth + 1;
      if (wide && !wrap.hasAttribute('tabindex')) {
        wrap.tabIndex = 0;
        wrap.setAttribute('role', 'region');
        wrap.setAttribute('aria-label', caption || words.scroll);
      } else if (!wide && wrap.getAttribute('role') === 'region') {
        for (const name of ['tabindex', 'role', 'aria-label']) wrap.removeAttribute(name);
      }
    };
    new ResizeObserver(check).observe(wrap);
    check();
  }
}
