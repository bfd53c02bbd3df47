// Says when the network goes, and when it is back.
import { words } from '../words';

export function tellTheNetwork() {
  let notice: HTMLElement | undefined;
  const say = (text: string) => {
    notice ??= document.body.appendChild(document.createElement('div'));
    notice.className = 'jh-notice';
    notice.setAttribute('role', 'status');
    notice.textContent = text;
  };
  addEventListener('offline', () => say(words.offline));
  addEventListener('online', () => {
    if (!notice) return;
    say(words.online);
    setTimeout(() => {
      notice?.remove();
      notice = undefined;
    }, 4000);
  });
}
