// Asking for places.
import type { FeatureCollection } from 'geojson';

export type Box = [number, number, number, number];

/** What a source answers; `gathered` when there were too many places and it counted them instead. */
export type Answer = FeatureCollection & { gathered?: boolean };

/** `across` pixels of screen: where there are too many places, a figure gets some fifty of them. */
export async function load(source: string | null, box?: Box | null, across = 0): Promise<Answer | null> {
  if (!source) return null;
  const cells = across > 0 ? `&cells=${Math.round(across / 50)}` : '';
  const address = box ? `${source}${source.includes('?') ? (/[?&]$/.test(source) ? '' : '&') : '?'}bbox=${box.map((n) => n.toFixed(6)).join(',')}${cells}` : source;
  const answer = await fetch(address, { headers: { accept: 'application/geo+json, application/json' } });
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return (await answer.json()) as Answer;
}
