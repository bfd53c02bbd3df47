// Drawing with MapLibre. Its worker is a file of our own, so that the page's policy needs no exception.
import type { FeatureCollection } from 'geojson';
import { Map as GlMap, Marker, setWorkerUrl, type StyleSpecification } from 'maplibre-gl';
import worker from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import { words } from '../words';
import type { Scale } from './classes';
import type { Drawn } from './furniture';
import { avoidTouching, labelFor } from './labels';
import { boundsOf, type Place } from './places';

setWorkerUrl(new URL(worker, import.meta.url).href);

const EQUATOR_M = 40_075_016.7;
const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };

/** Null where the machine has no WebGL; the caller then draws with SVG. */
export async function drawGl(
  host: HTMLElement,
  canvas: HTMLElement,
  data: FeatureCollection,
  base: FeatureCollection | null,
  places: Place[],
  scale: Scale | null,
): Promise<Drawn | null> {
  if (!document.createElement('canvas').getContext('webgl2')) return null;
  const bounds = boundsOf(base ?? data);
  const colours = data.features.map((feature, at) => ({
    ...feature,
    id: at,
    properties: { at, fill: scale?.colourOf(places[at]!.value) ?? '' },
  }));
  let map: GlMap;
  try {
    map = new GlMap({
      container: canvas,
      style: style(host, { type: 'FeatureCollection', features: colours }, base, scale),
      bounds,
      fitBoundsOptions: { padding: 28 },
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: 0,
      maxZoom: 17,
      cooperativeGestures: true,
      locale: {
        'Map.Title': host.getAttribute('label') ?? words.map,
        'CooperativeGesturesHandler.WindowsHelpText': words.gesture,
        'CooperativeGesturesHandler.MacHelpText': words.gesture,
        'CooperativeGesturesHandler.MobileHelpText': words.fingers,
      },
    });
  } catch {
    return null;
  }
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  const labels = places.filter((place) => place.name).map((place) => {
    const element = labelFor(place, scale !== null);
    new Marker({ element, anchor: 'center' }).setLngLat(place.at).addTo(map);
    return { element, weight: place.weight };
  });
  const settle = () => avoidTouching(labels);
  map.on('moveend', settle);
  map.on('resize', () => map.fitBounds(bounds, { padding: 28, animate: false }));
  point(map, places);
  await new Promise<void>((resolve) => map.once('load', () => resolve()));
  settle();
  return {
    zoom: (steps) => void map.zoomTo(map.getZoom() + steps),
    reset: () => void map.fitBounds(bounds, { padding: 28 }),
    metresPerPixel: () => (EQUATOR_M * Math.cos((map.getCenter().lat * Math.PI) / 180)) / (512 * 2 ** map.getZoom()),
    onMove: (listener) => void map.on('move', listener),
    stop: () => map.remove(),
  };
}

/** A click on a place opens its page; the place under the pointer stands out. */
function point(map: GlMap, places: Place[]) {
  const layers = ['areas', 'lines', 'points'];
  let over: number | undefined;
  const mark = (id: number | undefined) => {
    if (id === over) return;
    if (over !== undefined) map.setFeatureState({ source: 'places', id: over }, { over: false });
    if (id !== undefined) map.setFeatureState({ source: 'places', id }, { over: true });
    over = id;
    map.getCanvas().style.cursor = id !== undefined && places[id]?.href ? 'pointer' : '';
  };
  map.on('mousemove', layers, (event) => mark(event.features?.[0]?.id as number | undefined));
  map.on('mouseleave', layers, () => mark(undefined));
  map.on('click', layers, (event) => {
    const href = places[event.features?.[0]?.id as number]?.href;
    if (href) location.assign(href);
  });
}

function style(host: HTMLElement, data: FeatureCollection, base: FeatureCollection | null, scale: Scale | null): StyleSpecification {
  const css = getComputedStyle(host);
  const token = (name: string) => css.getPropertyValue(name).trim();
  const fill = scale ? ['get', 'fill'] : token('--jh-ramp-2');
  const over = (yes: number, no: number) => ['case', ['boolean', ['feature-state', 'over'], false], yes, no];
  const of = (kind: string) => ['==', ['geometry-type'], kind];
  return {
    version: 8,
    sources: {
      base: { type: 'geojson', data: base ?? EMPTY },
      places: { type: 'geojson', data },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': token('--jh-map-ground') } },
      { id: 'base', type: 'fill', source: 'base', filter: of('Polygon'), paint: { 'fill-color': token('--jh-white'), 'fill-outline-color': token('--jh-line-strong') } },
      { id: 'base-lines', type: 'line', source: 'base', paint: { 'line-color': token('--jh-line-strong'), 'line-width': 0.75, 'line-opacity': 0.6 } },
      { id: 'areas', type: 'fill', source: 'places', filter: of('Polygon'), paint: { 'fill-color': fill, 'fill-opacity': over(0.8, 1) } },
      { id: 'edges', type: 'line', source: 'places', filter: of('Polygon'), paint: { 'line-color': token('--jh-map-line'), 'line-width': over(3, 1.25) } },
      { id: 'lines', type: 'line', source: 'places', filter: of('LineString'), paint: { 'line-color': scale ? fill : token('--jh-data-1'), 'line-width': over(5, 3) } },
      {
        id: 'points',
        type: 'circle',
        source: 'places',
        filter: of('Point'),
        paint: { 'circle-color': scale ? fill : token('--jh-data-1'), 'circle-radius': over(9, 6), 'circle-stroke-color': token('--jh-map-line'), 'circle-stroke-width': 1.5 },
      },
    ],
  } as StyleSpecification;
}
