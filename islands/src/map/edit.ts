// Drawing a point, a line or an area: each click is a point, written into a field of the form as longitude,latitude on a line of its
// own. The field stays the truth: what is typed or pasted there is drawn, and the keyboard adds the middle of the map.
// Of a point the last click counts, and no button has to be pressed before: it is all that such a map is for.
import type { GeoJSONSource, Map as GlMap } from 'maplibre-gl';
import type { Feature } from 'geojson';
import { words } from '../words';

type Point = [number, number];
type Kind = 'line' | 'area' | 'point';

/** Adds the buttons and the drawing; returns whether a click is being taken for a point. */
export function drawInto(host: HTMLElement, map: GlMap, field: HTMLTextAreaElement, kind: Kind, colour: string): () => boolean {
  map.addSource('drawn', { type: 'geojson', data: shapeOf(read(field), kind) });
  map.addLayer({ id: 'drawn-area', type: 'fill', source: 'drawn', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': colour, 'fill-opacity': 0.15 } });
  map.addLayer({ id: 'drawn-line', type: 'line', source: 'drawn', paint: { 'line-color': colour, 'line-width': 3, 'line-dasharray': [2, 1] } });
  map.addLayer({ id: 'drawn-points', type: 'circle', source: 'drawn', paint: { 'circle-color': '#fff', 'circle-radius': kind === 'point' ? 9 : 4, 'circle-stroke-color': colour, 'circle-stroke-width': kind === 'point' ? 5 : 2 } });
  const show = () => {
    const points = read(field);
    (map.getSource('drawn') as GeoJSONSource).setData(shapeOf(points, kind));
    // Found by the telephone or typed: it may lie outside what is in sight.
    if (kind === 'point' && points[0] && !map.getBounds().contains(points[0])) map.jumpTo({ center: points[0], zoom: Math.max(map.getZoom(), 15) });
  };
  field.addEventListener('input', show);
  const write = (points: Point[]) => {
    field.value = points.map(([lon, lat]) => `${lon.toFixed(7)},${lat.toFixed(7)}`).join('\n');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const add = (lon: number, lat: number) => write(kind === 'point' ? [[lon, lat]] : [...read(field), [lon, lat]]);

  const bar = document.createElement('div');
  bar.className = 'jh-map-tools';
  bar.dataset.map = '';
  host.append(bar);
  const button = (text: string, act: () => void) => {
    const made = bar.appendChild(document.createElement('button'));
    made.type = 'button';
    made.textContent = text;
    made.addEventListener('click', act);
    return made;
  };
  const toggle = button(words.draw, () => turn(toggle.getAttribute('aria-pressed') !== 'true'));
  const undo = button(words.undo, () => write(read(field).slice(0, -1)));
  const clear = button(words.clear, () => write([]));
  const turn = (on: boolean) => {
    toggle.setAttribute('aria-pressed', String(on));
    undo.hidden = clear.hidden = !on;
    map.getCanvas().style.cursor = on ? 'crosshair' : '';
    if (on) map.doubleClickZoom.disable();
    else map.doubleClickZoom.enable();
  };
  turn(kind === 'point');
  toggle.hidden = kind === 'point';
  undo.hidden ||= kind === 'point';
  const drawing = () => toggle.getAttribute('aria-pressed') === 'true';
  map.on('click', (event) => {
    if (drawing()) add(event.lngLat.lng, event.lngLat.lat);
  });
  map.getCanvas().addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !drawing()) return;
    event.preventDefault();
    const { lng, lat } = map.getCenter();
    add(lng, lat);
  });
  return drawing;
}

/** The pairs of a field; nothing when something else was pasted, such as GeoJSON. */
function read(field: HTMLTextAreaElement): Point[] {
  const lines = field.value.split('\n').map((line) => line.trim()).filter(Boolean);
  const points = lines.map((line) => line.split(/[\s,，]+/).map(Number));
  return points.every((p) => p.length === 2 && p.every(Number.isFinite)) ? (points as Point[]) : [];
}

function shapeOf(points: Point[], kind: Kind): Feature {
  const geometry: Feature['geometry'] =
    points.length < 2 || kind === 'point'
      ? { type: 'MultiPoint', coordinates: points }
      : kind === 'area' && points.length > 2
        ? { type: 'Polygon', coordinates: [[...points, points[0]!]] }
        : { type: 'LineString', coordinates: points };
  return { type: 'Feature', properties: {}, geometry };
}
