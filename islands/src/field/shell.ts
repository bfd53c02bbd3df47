// The officer's page can be opened without a network: the phone keeps it as it is with nobody's cases on it, and what it needs to be
// drawn. A worker gives it out when the network does not answer; signing out drops it.

/** Also in worker.ts, which can import nothing, and in app/leave.ts. */
const CACHE = 'jh-field';
/** Time for the queue to begin before the page is loaded anew. */
const AFTER_ONLINE_MS = 1_500;

export function keepShell(queue: HTMLElement, form: HTMLFormElement) {
  if (queue.hasAttribute('shell')) {
    // What was opened without a network is not what is to be done now.
    addEventListener('online', () => setTimeout(() => untouched(form) && location.reload(), AFTER_ONLINE_MS));
    return;
  }
  const worker = queue.getAttribute('worker');
  // A private window, and an engine of WeChat's, has neither.
  if (!worker || !('serviceWorker' in navigator) || !('caches' in window)) return;
  navigator.serviceWorker
    .register(worker, { scope: location.pathname })
    .then(keep)
    .catch((error: unknown) => console.warn('jh-queue:', error));
}

function untouched(form: HTMLFormElement): boolean {
  return [...new FormData(form)].every(([name, value]) => name.startsWith('_') || (value instanceof File ? value.size === 0 : value.trim() === ''));
}

async function keep() {
  const page = await fetch(`${location.pathname}?shell=1`, { credentials: 'same-origin' });
  if (!page.ok || page.redirected) return;
  const wanted = new Set(parts(await page.clone().text()));
  // What the scripts load themselves, as they did on this page.
  for (const entry of performance.getEntriesByType('resource')) {
    const { origin, pathname } = new URL(entry.name);
    if (origin === location.origin && pathname.startsWith('/assets/')) wanted.add(pathname);
  }
  const cache = await caches.open(CACHE);
  for (const path of wanted) if (!(await cache.match(path, { ignoreVary: true }))) await cache.add(path);
  await cache.put(location.pathname, page);
  // Names bear a hash of the content: what no page asks for any more is old.
  for (const kept of await cache.keys()) {
    const { pathname } = new URL(kept.url);
    if (pathname.startsWith('/assets/') && !wanted.has(pathname)) await cache.delete(kept);
  }
}

/** The files that a page asks for. */
function parts(html: string): string[] {
  const page = new DOMParser().parseFromString(html, 'text/html');
  const all = [...page.querySelectorAll('link[href], script[src], use[href], img[src]')];
  const paths = all.map((part) => (part.getAttribute('href') ?? part.getAttribute('src') ?? '').split('#')[0] ?? '');
  return paths.filter((path) => path.startsWith('/assets/'));
}
