// Drawing a <jh-map>: loaded when the map is about to be seen, because MapLibre is large.
import type { FeatureCollection } from 'geojson';
import { words } from '../words';
import { readScale } from './classes';
import { drawFurniture } from './furniture';
import { drawGl } from './gl';
import type { Asked } from './map';
import { readPlaces } from './places';
import { drawSvg } from './svg';

/** Draws inside `host`, and returns how to stop. */
export async function drawMap(host: HTMLElement, source: string, asked: Asked): Promise<() => void> {
  const [data, base] = await Promise.all([load(source), load(host.getAttribute('base'))]);
  if (!data || data.features.length === 0) throw new Error(`${source} has no places`);
  const scale = readScale(host, data, asked);
  const places = readPlaces(data, asked, scale);
  const canvas = document.createElement('div');
  canvas.className = 'jh-map-canvas';
  canvas.dataset.map = '';
  canvas.setAttribute('role', 'group');
  canvas.setAttribute('aria-label', host.getAttribute('label') ?? words.map);
  host.prepend(canvas);
  const drawn = (await drawGl(host, canvas, data, base, places, scale)) ?? drawSvg(host, canvas, data, base, places, scale);
  const removeFurniture = drawFurniture(host, drawn, asked, scale);
  return () => {
    removeFurniture();
    drawn.stop();
  };
}

async function load(source: string | null): Promise<FeatureCollection | null> {
  if (!source) return null;
  const answer = await fetch(source, { headers: { accept: 'application/geo+json, application/json' } });
  if (!answer.ok) throw new Error(`${source} answered ${answer.status}`);
  return (await answer.json()) as FeatureCollection;
}
