// Drawing a <jh-map>: loaded when the map is about to be seen, because MapLibre is large.
import { words } from '../words';
import { readScale } from './classes';
import { drawFurniture } from './furniture';
import { drawGl } from './gl';
import { load } from './load';
import type { Asked } from './map';
import { readPlaces } from './places';
import { drawSvg } from './svg';

/** Draws inside `host`, and returns how to stop. */
export async function drawMap(host: HTMLElement, source: string, asked: Asked): Promise<() => void> {
  const [data, base] = await Promise.all([
    load(source, asked.byBox ? asked.bounds : null, Math.max(host.clientWidth, host.clientHeight)),
    load(host.getAttribute('base'), host.hasAttribute('base-by-box') ? asked.bounds : null),
  ]);
  // What is asked for by what is in sight may be empty here and not there.
  if (!data || (data.features.length === 0 && !asked.byBox)) throw new Error(`${source} has no places`);
  const scale = readScale(host, data, asked);
  const places = readPlaces(data, asked, scale);
  const canvas = document.createElement('div');
  canvas.className = 'jh-map-canvas';
  canvas.dataset.map = '';
  canvas.setAttribute('role', 'group');
  canvas.setAttribute('aria-label', host.getAttribute('label') ?? words.map);
  host.prepend(canvas);
  const drawn = (await drawGl(host, canvas, { source, data, base, places, scale, asked })) ?? drawSvg(host, canvas, data, base, places, scale, asked);
  const removeFurniture = drawFurniture(host, drawn, asked, scale);
  return () => {
    removeFurniture();
    drawn.stop();
  };
}
