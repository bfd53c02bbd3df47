// Says when the network goes, and when it is back. What it says lies beside the page and never over a button: presses go through it,
// it stands above the bar at the thumb, and it can be closed.
import { words } from '../words';

/** How long good news stays. */
const GOOD_NEWS_MS = 4000;

export function tellTheNetwork() {
  let notice: HTMLElement | undefined;
  const hide = () => {
    notice?.remove();
    notice = undefined;
    delete document.documentElement.dataset.notice;
  };
  const say = (text: string) => {
    hide();
    notice = document.createElement('div');
    notice.className = 'jh-notice';
    const line = document.createElement('p');
    line.setAttribute('role', 'status');
    const close = document.createElement('button');
    close.type = 'button';
    close.textContent = words.close;
    close.addEventListener('click', hide);
    notice.append(line, close);
    document.body.append(notice);
    // The page can be scrolled past what lies at its end.
    document.documentElement.dataset.notice = '';
    // Written once it stands there, so that it is read out.
    line.textContent = text;
  };
  // A page that keeps what it cannot send says so, and nobody writes it a second time.
  const keeps = () => document.querySelector('jh-queue') !== null;
  const gone = () => say(keeps() ? words.offlineKept : words.offline);
  addEventListener('offline', gone);
  addEventListener('online', () => {
    if (!notice) return;
    say(keeps() ? words.onlineKept : words.online);
    const said = notice;
    setTimeout(() => {
      if (notice === said) hide();
    }, GOOD_NEWS_MS);
  });
  // A page can be opened without a network, from what the phone kept of it.
  if (!navigator.onLine && keeps()) gone();
}
