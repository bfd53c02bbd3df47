// <jh-queue account="…" words="{…}">: takes the forms of the page that say where their data go (`data-queue`), keeps what they hold on
// the phone, sends it when it can, and shows how each stands. Without it the forms are sent as plain forms.
import { sound } from './check';
import { formOf, mend } from './mend';
import { drop, entries, keep, type Entry } from './store';
import { send } from './send';

/** Between two tries while something waits; the browser's own word that the network is back comes sooner. */
const RETRY_MS = 20_000;

export type Words = Record<string, string>;

export class JhQueue extends HTMLElement {
  private words: Words = {};
  private account = '';
  private page = '';
  private busy = false;
  private again = false;
  private signIn = false;
  private timer = 0;

  connectedCallback() {
    this.account = this.getAttribute('account') ?? '';
    this.page = this.getAttribute('made') ?? '';
    this.words = JSON.parse(this.getAttribute('words') ?? '{}') as Words;
    this.setAttribute('role', 'status');
    for (const form of document.querySelectorAll<HTMLFormElement>('form[data-queue]')) {
      form.addEventListener('submit', (event) => this.take(form, event));
    }
    addEventListener('online', this.sendAll);
    document.addEventListener('visibilitychange', this.sendAll);
    this.timer = window.setInterval(this.sendAll, RETRY_MS);
    void this.recover();
  }

  disconnectedCallback() {
    removeEventListener('online', this.sendAll);
    document.removeEventListener('visibilitychange', this.sendAll);
    clearInterval(this.timer);
  }

  /** What was being sent when the page went away is sent again: its key makes sure that it is done once. */
  private async recover() {
    try {
      for (const entry of await entries(this.account)) {
        if (entry.state === 'sending') await keep({ ...entry, state: 'waiting' });
      }
      await this.show();
      this.sendAll();
    } catch (error) {
      console.warn('jh-queue:', error);
    }
  }

  private take(form: HTMLFormElement, event: SubmitEvent) {
    // A second pass, after the phone had no room: the form goes as it is.
    if (form.dataset.plain !== undefined) return;
    event.preventDefault();
    if (!sound(form, event.submitter, this.words)) return;
    const { entry, chosen } = made(form, event.submitter, this.account, this.page);
    const { mends } = form.dataset;
    keep(entry).then(
      () => {
        delete form.dataset.mends;
        if (mends) void drop(mends);
        form.reset();
        form.dispatchEvent(new CustomEvent('jh-kept', { bubbles: true }));
        void this.show().then(() => {
          // Empty, it had no place to go to.
          this.scrollIntoView({ block: 'start' });
          this.sendAll();
        });
      },
      () => {
        this.textContent = this.words['not-kept'] ?? '';
        form.dataset.plain = '';
        form.requestSubmit(chosen);
      },
    );
  }

  private sendAll = () => {
    if (document.hidden) return;
    if (this.busy) {
      this.again = true;
      return;
    }
    void this.run();
  };

  /** One at a time, oldest first; another page of ours on this phone does not send the same meanwhile. */
  private async run() {
    this.busy = true;
    try {
      const work = async () => {
        for (const entry of await entries(this.account)) {
          if (entry.state !== 'waiting') continue;
          await keep({ ...entry, state: 'sending' });
          await this.show();
          const outcome = await send(entry);
          const said = outcome.state === 'waiting' ? '' : outcome.said;
          this.signIn = outcome.state === 'waiting' && outcome.signIn;
          // What has arrived needs its photo no more.
          await keep({ ...entry, state: outcome.state, said, photo: outcome.state === 'sent' ? null : entry.photo });
          await this.show();
          if (outcome.state === 'waiting') break;
        }
      };
      if (navigator.locks) await navigator.locks.request('jh-field', work);
      else await work();
    } catch (error) {
      console.warn('jh-queue:', error);
    } finally {
      this.busy = false;
      if (this.again) {
        this.again = false;
        this.sendAll();
      }
    }
  }

  private async show() {
    const all = await entries(this.account);
    const left = all.filter((entry) => entry.state !== 'sent').length;
    this.showTasks(all);
    const list = document.createElement('ul');
    list.append(...all.map((entry) => this.line(entry)));
    const head = document.createElement('p');
    head.textContent = left > 0 ? (this.words.count ?? '').replace('{n}', String(left)) : '';
    this.replaceChildren(...(left > 0 ? [head] : []), ...(all.length > 0 ? [list] : []));
    if (all.some((entry) => entry.state === 'sent')) {
      this.append(button(this.words.open ?? '', () => void this.clear(all)));
    }
    if (this.signIn) {
      const link = document.createElement('a');
      link.href = `/identity/session?back=${encodeURIComponent(location.pathname)}`;
      link.textContent = this.words.signin ?? '';
      this.append(link);
    }
  }

  /** A task waits to be sent, or was sent from this page, or is in the list: also again, when it was refused. */
  private showTasks(all: Entry[]) {
    for (const form of document.querySelectorAll<HTMLFormElement>('form.jh-hand-task')) {
      const own = all.filter((entry) => entry.url.startsWith(`${form.dataset.queue ?? ''}?`));
      form.hidden = own.some(({ state, page }) => state === 'waiting' || state === 'sending' || (state === 'sent' && page === this.page));
    }
  }

  private line(entry: Entry): HTMLLIElement {
    const line = document.createElement('li');
    line.dataset.state = entry.state;
    const what = document.createElement('strong');
    what.textContent = entry.title;
    const how = document.createElement('span');
    const word = (this.words[entry.state] ?? '').replace('{n}', entry.said);
    how.textContent = entry.state === 'refused' ? `${word}：${entry.said}` : word;
    how.className = entry.state === 'refused' ? 'jh-queue-why' : '';
    line.append(what, how);
    if (entry.state === 'refused') {
      const form = formOf(entry);
      if (form) line.append(button(this.words.mend ?? '', () => mend(form, entry)));
      line.append(
        button(this.words.again ?? '', () => void this.set({ ...entry, key: crypto.randomUUID(), state: 'waiting' }, entry.key)),
        button(this.words.discard ?? '', () => {
          if (confirm(this.words['discard-confirm'])) void drop(entry.key).then(() => this.show());
        }),
      );
    }
    return line;
  }

  private async set(entry: Entry, old: string) {
    await keep(entry);
    await drop(old);
    await this.show();
    this.sendAll();
  }

  private async clear(all: Entry[]) {
    for (const entry of all) if (entry.state === 'sent') await drop(entry.key);
    await this.show();
  }
}

function button(text: string, act: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'btn';
  made.textContent = text;
  made.addEventListener('click', act);
  return made;
}

/** What a form holds: its photo apart, all else in the address, as the interface wants it. */
function made(form: HTMLFormElement, submitter: HTMLElement | null, account: string, page: string) {
  const chosen = submitter instanceof HTMLButtonElement ? submitter : null;
  const fields = new URLSearchParams();
  let photo: Blob | null = null;
  for (const [name, value] of new FormData(form)) {
    if (value instanceof File) photo = value.size > 0 ? value : photo;
    else if (!name.startsWith('_') && value.trim()) fields.append(name, value.trim());
  }
  if (chosen?.name) fields.append(chosen.name, chosen.value);
  const words = form.querySelector<HTMLInputElement>('input[name=category]:checked')?.nextElementSibling?.textContent;
  const title = fields.get('other') ?? words ?? form.dataset.title ?? '';
  const entry: Entry = {
    key: crypto.randomUUID(),
    account,
    url: `${form.dataset.queue ?? ''}?${fields.toString()}`,
    title: fields.get('note') ? `${title}：${(fields.get('note') ?? '').slice(0, 30)}` : title,
    photo,
    madeAt: Date.now(),
    state: 'waiting',
    said: '',
    page,
  };
  return { entry, chosen };
}
