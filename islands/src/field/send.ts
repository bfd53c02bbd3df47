// Sends one kept entry, and says what became of it.
import type { Entry } from './store';

/** A photo over a slow line takes its time; a line that is dead does not say so. */
const PATIENCE_MS = 120_000;

export type Outcome = { state: 'sent' | 'refused'; said: string } | { state: 'waiting'; signIn: boolean };

interface Problem {
  detail?: string;
  fields?: { detail: string }[];
}

export async function send(entry: Entry): Promise<Outcome> {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(entry.url, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', 'idempotency-key': entry.key },
      body: entry.photo ?? new Blob([]),
      credentials: 'same-origin',
      signal: giveUp.signal,
    });
    if (answer.ok) return { state: 'sent', said: ((await answer.json()) as { number?: string }).number ?? '' };
    if (answer.status === 401) return { state: 'waiting', signIn: true };
    // Too many, too busy, our own fault: the same again later.
    if (answer.status === 429 || answer.status >= 500) return { state: 'waiting', signIn: false };
    const problem = (await answer.json().catch(() => ({}))) as Problem;
    const said = problem.fields?.map((field) => field.detail).join(' ') || problem.detail || String(answer.status);
    return { state: 'refused', said };
  } catch {
    return { state: 'waiting', signIn: false };
  } finally {
    clearTimeout(timer);
  }
}
