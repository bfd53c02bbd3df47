// Beside the officer's page: gives it out as the phone keeps it (shell.ts) when the network does not answer. It keeps nothing itself, and
// answers for that page and its files only. A block, not a module: importScripts reads it.
{
  interface Scope {
    addEventListener(type: 'install' | 'activate', act: (event: { waitUntil(work: Promise<unknown>): void }) => void): void;
    addEventListener(type: 'fetch', act: (event: { request: Request; respondWith(answer: Promise<Response>): void }) => void): void;
    skipWaiting(): Promise<void>;
    clients: { claim(): Promise<void> };
    location: Location;
  }

  const CACHE = 'jh-field';
  /** A line that is dead does not say so. */
  const PATIENCE_MS = 10_000;
  const worker = self as unknown as Scope;

  const kept = async (request: Request) => (await caches.open(CACHE)).match(request, { ignoreSearch: true, ignoreVary: true });

  const page = async (request: Request): Promise<Response> => {
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), PATIENCE_MS);
    try {
      const answer = await fetch(request, { signal: giveUp.signal });
      // Sent to sign in: whoever was here has gone, and what is kept of him goes too.
      if (answer.type === 'opaqueredirect' || answer.status === 401 || answer.status === 403) await caches.delete(CACHE);
      if (![502, 503, 504].includes(answer.status)) return answer;
      return (await kept(request)) ?? answer;
    } catch {
      return (await kept(request)) ?? Response.error();
    } finally {
      clearTimeout(timer);
    }
  };

  worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()));
  worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));
  worker.addEventListener('fetch', (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (request.method !== 'GET' || origin !== worker.location.origin) return;
    if (request.mode === 'navigate') event.respondWith(page(request));
    else if (pathname.startsWith('/assets/')) event.respondWith(kept(request).then((found) => found ?? fetch(request)));
  });
}
