// Whoever signs out leaves nothing of his on the phone but what he has reported and could not send: that waits for him.

/** What field/shell.ts keeps. */
const CACHE = 'jh-field';

export function leaveNothing() {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.getAttribute('action') !== '/identity/session/closure') return;
    if ('caches' in window) void caches.delete(CACHE);
  });
}
