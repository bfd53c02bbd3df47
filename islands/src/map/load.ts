// Asking for places.
import type { FeatureCollection } from 'geojson';

export type Box = [number, number, number, number];

/** What a source answers; `gathered` when there were too many places and it counted them instead. */
export type Answer = FeatureCollection & { gathered?: boolean };

export async function load(source: string | null, box?: Box | null): Promise<Answer | null> {
  if (!source) return null;
  const address = box ? `${source}${source.includes('?') ? (/[?&]$/.test(source) ? '' : '&') : '?'}bbox=${box.map((n) => n.toFixed(6)).join(',')}` : source;
  const answer = await fetch(address, { headers: { accept: 'application/geo+json, application/json' } });
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return (await answer.json()) as Answer;
}
