// Brings what the server refused back into the form that it was entered in, with its photo, so that it is put right and not typed again.
import { tell } from './check';
import type { Entry } from './store';

/** The form on this page that an entry came from; a task that is done by somebody else has none any more. */
export function formOf(entry: Entry): HTMLFormElement | null {
  const [path = ''] = entry.url.split('?');
  return document.querySelector<HTMLFormElement>(`form[data-queue="${CSS.escape(path)}"]`);
}

export function mend(form: HTMLFormElement, entry: Entry) {
  form.reset();
  form.dispatchEvent(new CustomEvent('jh-kept', { bubbles: true }));
  const fields = new URLSearchParams(entry.url.split('?')[1] ?? '');
  for (const [name, value] of fields) fill(form, name, value);
  if (['lon', 'lat', 'grid', 'address'].some((name) => fields.has(name))) {
    const byHand = form.querySelector<HTMLDetailsElement>('#by-hand');
    if (byHand) byHand.open = true;
  }
  if (entry.photo) photo(form, entry.photo);
  // The old entry goes when the new one is kept.
  form.dataset.mends = entry.key;
  form.hidden = false;
  tell(form, entry.said);
  form.scrollIntoView({ block: 'start' });
}

function fill(form: HTMLFormElement, name: string, value: string) {
  const radio = form.querySelector<HTMLInputElement>(`input[type=radio][name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`);
  if (radio) {
    radio.checked = true;
    return;
  }
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.value = value;
}

function photo(form: HTMLFormElement, kept: Blob) {
  const input = form.querySelector<HTMLInputElement>('input[type=file]');
  if (!input) return;
  try {
    const taken = new DataTransfer();
    taken.items.add(kept instanceof File ? kept : new File([kept], 'photo.jpg', { type: kept.type || 'image/jpeg' }));
    input.files = taken.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  } catch {
    // An engine that lets no script choose a file: the photo is taken again.
  }
}
