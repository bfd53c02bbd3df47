// What makes the officer's form quicker: where I am, classes found while typing, cases near by before a second one is made.
import type { Words } from './queue';

const NEAR_AFTER_MS = 400;
const FOUND_MAX = 8;

interface Near {
  number: string;
  title: string;
  metres: number;
}

export function quicken(form: HTMLFormElement, words: Words) {
  const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement | null;
  locate(form, words, field);
  findClasses(form, field);
  lookNear(form, words, field);
  for (const one of document.querySelectorAll<HTMLInputElement>('.jh-hand-file')) photoWords(one, words);
}

type Field = (name: string) => HTMLInputElement | null;

function locate(form: HTMLFormElement, words: Words, field: Field) {
  const press = form.querySelector<HTMLButtonElement>('[data-locate]');
  const say = form.querySelector('[data-locate-words]');
  const byHand = form.querySelector<HTMLDetailsElement>('#by-hand');
  if (!press || !say) return;
  const first = say.textContent;
  press.addEventListener('click', () => {
    say.textContent = words.locating ?? '';
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const [lon, lat] = [field('lon'), field('lat')];
        if (lon) lon.value = coords.longitude.toFixed(6);
        if (lat) lat.value = coords.latitude.toFixed(6);
        press.dataset.done = '';
        say.textContent = (words.located ?? '').replace('{n}', String(Math.round(coords.accuracy)));
        form.dispatchEvent(new Event('change', { bubbles: true }));
      },
      (error) => {
        say.textContent = (error.code === error.PERMISSION_DENIED ? words['location-refused'] : words['location-away']) ?? '';
        if (byHand) byHand.open = true;
      },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 10_000 },
    );
  });
  form.addEventListener('jh-kept', () => {
    delete press.dataset.done;
    say.textContent = first;
  });
}

/** Big targets for what the browser's own list of suggestions shows small or not at all. */
function findClasses(form: HTMLFormElement, field: Field) {
  const typed = field('other');
  const found = form.querySelector('[data-found]');
  if (!typed || !found) return;
  const all = [...form.querySelectorAll('datalist option')].map((option) => (option as HTMLOptionElement).value);
  typed.removeAttribute('list');
  typed.addEventListener('input', () => {
    const words = typed.value.trim().toLowerCase();
    const fits = words ? all.filter((name) => name.toLowerCase().includes(words) && name !== typed.value).slice(0, FOUND_MAX) : [];
    found.replaceChildren(
      ...fits.map((name) => {
        const choice = document.createElement('button');
        choice.type = 'button';
        choice.className = 'btn';
        choice.textContent = name;
        choice.addEventListener('click', () => {
          typed.value = name;
          found.replaceChildren();
          form.dispatchEvent(new Event('change', { bubbles: true }));
        });
        return choice;
      }),
    );
  });
  for (const radio of form.querySelectorAll<HTMLInputElement>('input[name=category]')) {
    radio.addEventListener('change', () => {
      typed.value = '';
      found.replaceChildren();
    });
  }
  form.addEventListener('jh-kept', () => found.replaceChildren());
}

function lookNear(form: HTMLFormElement, words: Words, field: Field) {
  const list = form.querySelector('[data-near-list]');
  const source = form.dataset.near;
  if (!list || !source) return;
  let timer = 0;
  form.addEventListener('change', () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void look(), NEAR_AFTER_MS);
  });
  form.addEventListener('jh-kept', () => list.replaceChildren());
  const look = async () => {
    const asked = new URLSearchParams();
    for (const name of ['lon', 'lat', 'note']) if (field(name)?.value) asked.set(name, field(name)?.value ?? '');
    const chosen = form.querySelector<HTMLInputElement>('input[name=category]:checked');
    if (chosen) asked.set('category', chosen.value);
    if (!asked.has('lon') || !asked.has('lat')) return;
    const answer = await fetch(`${source}?${asked.toString()}`, { credentials: 'same-origin' }).catch(() => null);
    if (!answer?.ok) return;
    const near = (await answer.json()) as Near[];
    if (near.length === 0) return list.replaceChildren();
    const head = document.createElement('p');
    head.textContent = words.near ?? '';
    const cases = document.createElement('ul');
    cases.append(
      ...near.map((one) => {
        const line = document.createElement('li');
        line.textContent = `${one.number} ${one.title} · ${one.metres} m`;
        return line;
      }),
    );
    list.replaceChildren(head, cases);
  };
}

function photoWords(file: HTMLInputElement, words: Words) {
  const label = document.querySelector(`label[for="${CSS.escape(file.id)}"]`);
  const say = label?.querySelector('[data-photo-words]');
  if (!label || !say) return;
  const first = say.textContent;
  const show = () => {
    const has = Boolean(file.files?.length);
    label.toggleAttribute('data-done', has);
    say.textContent = has ? (words['photo-chosen'] ?? '') : first;
  };
  file.addEventListener('change', show);
  file.form?.addEventListener('jh-kept', show);
}
