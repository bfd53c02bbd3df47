// Drawing with MapLibre. Its worker is a file of our own, so that the page's policy needs no exception.
import type { FeatureCollection } from 'geojson';
import { type GeoJSONSource, Map as GlMap, Marker, setWorkerUrl, type StyleSpecification } from 'maplibre-gl';
import worker from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import { words } from '../words';
import type { Scale } from './classes';
import { paletteOf } from './colours';
import { drawInto } from './edit';
import type { Drawn } from './furniture';
import { avoidTouching, DOT_PX, labelFor } from './labels';
import { load, type Answer } from './load';
import type { Asked } from './map';
import { codesIn, writeCodes } from './pick';
import { boundsOf, readPlaces, type Place } from './places';

setWorkerUrl(new URL(worker, import.meta.url).href);

const EQUATOR_M = 40_075_016.7;
const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };

export interface ToDraw {
  source: string;
  data: Answer;
  base: FeatureCollection | null;
  places: Place[];
  scale: Scale | null;
  asked: Asked;
}

/** Null where the machine has no WebGL; the caller then draws with SVG. */
export async function drawGl(host: HTMLElement, canvas: HTMLElement, to: ToDraw): Promise<Drawn | null> {
  if (!document.createElement('canvas').getContext('webgl2')) return null;
  const { asked, places, scale } = to;
  const bounds = asked.bounds ?? boundsOf(to.base ?? to.data);
  const padding = asked.bounds ? 0 : 28;
  const palette = paletteOf(host);
  const coloured = (data: FeatureCollection): FeatureCollection => ({
    type: 'FeatureCollection',
    features: data.features.map((feature, at) => {
      const { value, colour, count } = places[at]!;
      const fill = asked.colour ? palette[count > 1 ? 1 : colour]! : (scale?.colourOf(value) ?? '');
      return { ...feature, id: at, properties: { at, fill, count, plain: colour === 0 } };
    }),
  });
  let map: GlMap;
  try {
    map = new GlMap({
      container: canvas,
      style: style(host, coloured(to.data), to.base, scale, asked),
      bounds,
      fitBoundsOptions: { padding },
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: 0,
      maxZoom: asked.byBox || asked.draw ? 20 : 17,
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
  let labels: { element: HTMLElement; weight: number; marker: Marker }[] = [];
  const label = () => {
    labels.forEach(({ marker }) => marker.remove());
    labels = places.filter((place) => place.name).map((place) => {
      const element = labelFor(place, scale !== null);
      const marker = new Marker({ element, anchor: place.dot ? 'bottom' : 'center', offset: [0, place.dot ? -DOT_PX : 0] }).setLngLat(place.at).addTo(map);
      return { element, weight: place.count > 1 ? place.count : place.weight, marker };
    });
  };
  label();
  const settle = () => avoidTouching(labels);
  map.on('moveend', settle);
  let moved = false;
  map.on('movestart', (event) => (moved ||= 'originalEvent' in event && Boolean(event.originalEvent)));
  // A map of what is in sight keeps its place when the window changes; another shows all of it again.
  map.on('resize', () => {
    if (!asked.byBox || !moved) map.fitBounds(bounds, { padding, animate: false });
  });
  const picking = { refresh: () => {} };
  if (asked.byBox) {
    follow(host, map, to, (data) => {
      places.splice(0, places.length, ...readPlaces(data, asked, scale));
      (map.getSource('places') as GeoJSONSource).setData(coloured(data));
      label();
      settle();
      picking.refresh();
    });
  }
  await new Promise<void>((resolve) => map.once('load', () => resolve()));
  const drawing = asked.draw && asked.drawInto ? drawInto(host, map, asked.drawInto, asked.draw, getComputedStyle(host).getPropertyValue('--jh-data-6').trim()) : () => false;
  if (asked.pickInto) picking.refresh = marking(map, places, asked.pickInto);
  point(host, map, places, asked, drawing);
  settle();
  return {
    zoom: (steps) => void map.zoomTo(map.getZoom() + steps),
    reset: () => void map.fitBounds(bounds, { padding }),
    metresPerPixel: () => (EQUATOR_M * Math.cos((map.getCenter().lat * Math.PI) / 180)) / (512 * 2 ** map.getZoom()),
    onMove: (listener) => void map.on('move', listener),
    stop: () => map.remove(),
  };
}

/** Asks again when the map has come to rest; the answer to an older question is dropped. */
function follow(host: HTMLElement, map: GlMap, to: ToDraw, show: (data: Answer) => void) {
  const note = host.appendChild(document.createElement('p'));
  note.className = 'jh-map-note';
  note.dataset.map = '';
  note.textContent = words.gathered;
  note.hidden = !to.data.gathered;
  let asking = 0;
  let timer = 0;
  const ask = async () => {
    const own = ++asking;
    const box = map.getBounds();
    const data = await load(to.source, [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()], Math.max(host.clientWidth, host.clientHeight)).catch(() => null);
    if (own !== asking || !data) return;
    note.hidden = !data.gathered;
    show(data);
  };
  map.on('moveend', () => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), 150) as unknown as number;
  });
}

/** Shows which places are in the field, and again whenever it changes. */
function marking(map: GlMap, places: Place[], field: HTMLTextAreaElement): () => void {
  const refresh = () => {
    const codes = codesIn(field);
    places.forEach((place, id) => map.setFeatureState({ source: 'places', id }, { picked: codes.has(place.code) }));
  };
  field.addEventListener('input', refresh);
  refresh();
  return refresh;
}

/** A click on a place opens its page or picks it; the place under the pointer stands out and says what it is. */
function point(host: HTMLElement, map: GlMap, places: Place[], asked: Asked, drawing: () => boolean) {
  const layers = ['areas', 'lines', 'points'];
  const said = host.appendChild(document.createElement('div'));
  said.className = 'jh-map-said';
  said.dataset.map = '';
  said.hidden = true;
  let over: number | undefined;
  const mark = (id: number | undefined) => {
    if (id === over) return;
    if (over !== undefined) map.setFeatureState({ source: 'places', id: over }, { over: false });
    if (id !== undefined) map.setFeatureState({ source: 'places', id }, { over: true });
    over = id;
    const place = id === undefined ? undefined : places[id];
    said.textContent = place?.title ?? '';
    said.hidden = !place?.title;
    if (!drawing()) map.getCanvas().style.cursor = place && (place.href || asked.pickInto || place.count > 1) ? 'pointer' : '';
  };
  map.on('mousemove', layers, (event) => mark(event.features?.[0]?.id as number | undefined));
  map.on('mouseleave', layers, () => mark(undefined));
  map.on('click', layers, (event) => {
    const place = places[event.features?.[0]?.id as number];
    if (!place || drawing()) return;
    if (place.count > 1) map.easeTo({ center: place.at, zoom: map.getZoom() + 2 });
    else if (asked.pickInto && place.code) writeCodes(asked.pickInto, place.code);
    else if (place.href) location.assign(place.href);
  });
}

function style(host: HTMLElement, data: FeatureCollection, base: FeatureCollection | null, scale: Scale | null, asked: Asked): StyleSpecification {
  const css = getComputedStyle(host);
  const token = (name: string) => css.getPropertyValue(name).trim();
  const own = scale !== null || asked.colour !== null;
  const fill = own ? ['get', 'fill'] : token('--jh-ramp-2');
  // Areas in colours that tell them apart lie over a ground that shows through, and what was picked stands out.
  const state = (name: string, yes: unknown, no: unknown) => ['case', ['boolean', ['feature-state', name], false], yes, no];
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
      { id: 'areas', type: 'fill', source: 'places', filter: of('Polygon'), paint: { 'fill-color': fill, 'fill-opacity': asked.colour ? state('picked', 0.9, state('over', 0.7, 0.4)) : over(0.8, 1) } },
      { id: 'edges', type: 'line', source: 'places', filter: of('Polygon'), paint: { 'line-color': asked.colour ? state('picked', token('--jh-ink'), token('--jh-line-strong')) : token('--jh-map-line'), 'line-width': asked.colour ? state('picked', 3, over(2.5, 0.75)) : over(3, 1.25) } },
      { id: 'lines', type: 'line', source: 'places', filter: of('LineString'), paint: { 'line-color': own ? fill : token('--jh-data-1'), 'line-width': over(5, 3) } },
      {
        id: 'points',
        type: 'circle',
        source: 'places',
        filter: of('Point'),
        paint: { 'circle-color': own ? fill : token('--jh-data-1'), 'circle-radius': ['case', ['>', ['coalesce', ['get', 'count'], 1], 1], ['interpolate', ['linear'], ['get', 'count'], 2, 11, 100, 15, 2000, 22], over(asked.colour ? 7 : 9, asked.colour ? 4.5 : 6)], 'circle-stroke-color': token('--jh-map-line'), 'circle-stroke-width': 1.5 },
      },
    ],
  } as StyleSpecification;
}
