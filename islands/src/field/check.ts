// What of a form is wrong is said on the page, before it is kept: without a network the officer would learn of it when he is gone.
// Only what is sure to be refused; the server looks at everything again.
import type { Words } from './queue';

interface Wrong {
  /** What is marked and focused. */
  field: HTMLElement | null;
  /** After which part of the form it stands. */
  after: Element | null;
  text: string;
}

const NOTE_CHARS_MAX = 500;

/** Marks what is wrong, and answers whether the form can go. */
export function sound(form: HTMLFormElement, submitter: HTMLElement | null, words: Words): boolean {
  clear(form);
  const wrongs = form.classList.contains('jh-hand-task') ? task(form, submitter, words) : report(form, words);
  for (const wrong of wrongs) mark(wrong);
  const [first] = wrongs;
  if (first) {
    const more = first.field?.closest('details');
    if (more) more.open = true;
    first.field?.focus();
    first.after?.scrollIntoView({ block: 'center' });
    form.addEventListener('input', () => clear(form), { once: true });
    form.addEventListener('change', () => clear(form), { once: true });
  }
  return wrongs.length === 0;
}

/** Says something of a form above its fields: why the server refused it. */
export function tell(form: HTMLFormElement, text: string) {
  clear(form);
  const said = line(text);
  form.prepend(said);
  said.tabIndex = -1;
  said.focus();
}

function report(form: HTMLFormElement, words: Words): Wrong[] {
  const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement | null;
  const value = (name: string) => field(name)?.value.trim() ?? '';
  const wrongs: Wrong[] = [];
  const classes = form.querySelector('.jh-hand-classes legend');
  const chosen = form.querySelector('input[name=category]:checked');
  const typed = value('other');
  const known = [...form.querySelectorAll<HTMLOptionElement>('datalist option')].map((option) => option.value);
  if (!chosen && !typed) wrongs.push({ field: form.querySelector<HTMLElement>('#category'), after: classes, text: words['need-category'] ?? '' });
  else if (typed && !known.some((name) => name === typed || name.startsWith(`${typed}（`))) {
    wrongs.push({ field: field('other'), after: classes, text: words['unknown-category'] ?? '' });
  }
  const first = form.querySelector('.jh-hand-first');
  const [lon, lat] = [value('lon'), value('lat')];
  if (lon || lat) {
    if (!inside(Number(lon), Number(lat), form.dataset.bounds)) wrongs.push({ field: field('lon'), after: first, text: words['place-outside'] ?? '' });
  } else if (!value('grid') && !field('file')?.files?.length) {
    wrongs.push({ field: form.querySelector<HTMLElement>('[data-locate]'), after: first, text: words['need-place'] ?? '' });
  }
  if ([...value('note')].length > NOTE_CHARS_MAX) wrongs.push({ field: field('note'), after: field('note'), text: words['note-long'] ?? '' });
  return wrongs;
}

function task(form: HTMLFormElement, submitter: HTMLElement | null, words: Words): Wrong[] {
  const file = form.querySelector<HTMLInputElement>('.jh-hand-file');
  const yes = submitter instanceof HTMLButtonElement && submitter.value === 'yes';
  if (!yes || form.dataset.photo === undefined || file?.files?.length) return [];
  return [{ field: file, after: form.querySelector('.jh-hand-camera'), text: words['need-photo'] ?? '' }];
}

/** Within the box that holds the city's grids; without one, anywhere on earth. */
function inside(lon: number, lat: number, bounds: string | undefined): boolean {
  const box = (bounds ?? '').split(',').filter(Boolean).map(Number);
  const [west, south, east, north] = box.length === 4 ? box : [-180, -90, 180, 90];
  return lon >= west! && lon <= east! && lat >= south! && lat <= north!;
}

function line(text: string): HTMLElement {
  const said = document.createElement('div');
  said.className = 'jh-field-error';
  said.dataset.said = '';
  said.setAttribute('role', 'alert');
  said.textContent = text;
  return said;
}

function mark({ field, after, text }: Wrong) {
  field?.setAttribute('aria-invalid', 'true');
  after?.after(line(text));
}

function clear(form: HTMLFormElement) {
  for (const said of form.querySelectorAll('[data-said]')) said.remove();
  for (const field of form.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid');
}
