// What each feature is to a reader: a name, a value, a page, and a point to write its name at.
import type { Feature, FeatureCollection, Position } from 'geojson';
import { figure } from '../words';
import { numberOf, type Scale } from './classes';
import type { Asked } from './map';

export interface Place {
  name: string;
  value: number | null;
  href: string | null;
  at: [number, number];
  /** How large it is on the map, to let the larger keep its label. */
  weight: number;
  /** A dot by itself, whose name stands above it and not on it. */
  dot: boolean;
  /** What its label stands on. */
  under: 'dark' | 'light' | null;
  /** One of our six colours; 0 for none. */
  colour: number;
  /** How many things it stands for, where there were too many to draw. */
  count: number;
  /** What a form calls it. */
  code: string;
  /** What is said when the pointer is over it. */
  title: string;
}

export function readPlaces(data: FeatureCollection, asked: Asked, scale: Scale | null): Place[] {
  return data.features.map((feature) => {
    const properties = feature.properties ?? {};
    const value = asked.value ? numberOf(properties[asked.value]) : null;
    const { at, weight } = labelPoint(feature);
    const href = properties[asked.href];
    const count = numberOf(properties.count) ?? 1;
    return {
      name: count > 1 ? figure(count) : String(properties[asked.name] ?? ''),
      value,
      // Only pages of our own: a feature's data must not lead elsewhere.
      href: typeof href === 'string' && /^\/(?!\/)/.test(href) ? href : null,
      at,
      weight,
      dot: feature.geometry?.type === 'Point' && count === 1,
      under: count > 1 ? 'dark' : (scale?.under(value) ?? null),
      colour: (asked.colour && numberOf(properties[asked.colour])) || 0,
      count,
      code: String(properties.code ?? ''),
      title: String(properties.title ?? ''),
    };
  });
}

/** West, south, east, north of all that is drawn. */
export function boundsOf(data: FeatureCollection): [number, number, number, number] {
  const box: [number, number, number, number] = [180, 90, -180, -90];
  for (const feature of data.features) {
    for (const [x, y] of positions(feature)) {
      box[0] = Math.min(box[0], x!);
      box[1] = Math.min(box[1], y!);
      box[2] = Math.max(box[2], x!);
      box[3] = Math.max(box[3], y!);
    }
  }
  return box;
}

export function* rings(feature: Feature): Generator<Position[]> {
  const geometry = feature.geometry;
  if (geometry?.type === 'Polygon') yield* geometry.coordinates;
  if (geometry?.type === 'MultiPolygon') for (const polygon of geometry.coordinates) yield* polygon;
  if (geometry?.type === 'LineString') yield geometry.coordinates;
  if (geometry?.type === 'MultiLineString') yield* geometry.coordinates;
}

export function* positions(feature: Feature): Generator<Position> {
  if (feature.geometry?.type === 'Point') yield feature.geometry.coordinates;
  else if (feature.geometry?.type === 'MultiPoint') yield* feature.geometry.coordinates;
  else for (const ring of rings(feature)) yield* ring;
}

function labelPoint(feature: Feature): { at: [number, number]; weight: number } {
  const geometry = feature.geometry;
  if (geometry?.type === 'Polygon' || geometry?.type === 'MultiPolygon') {
    const outer = geometry.type === 'Polygon' ? [geometry.coordinates[0]!] : geometry.coordinates.map((p) => p[0]!);
    const largest = outer.reduce((a, b) => (area(a) >= area(b) ? a : b));
    return { at: inmost(largest), weight: area(largest) };
  }
  const all = [...positions(feature)];
  const middle = all[Math.floor(all.length / 2)] ?? [0, 0];
  return { at: [middle[0]!, middle[1]!], weight: 0 };
}

function area(ring: Position[]): number {
  let sum = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) sum += ring[j]![0]! * ring[i]![1]! - ring[i]![0]! * ring[j]![1]!;
  return Math.abs(sum / 2);
}

/** The point of a grid that lies deepest inside: a coast or a bend never pushes a name into the sea. */
function inmost(ring: Position[]): [number, number] {
  const xs = ring.map((p) => p[0]!);
  const ys = ring.map((p) => p[1]!);
  const [west, east] = [Math.min(...xs), Math.max(...xs)];
  const [south, north] = [Math.min(...ys), Math.max(...ys)];
  const STEPS = 16;
  let best: [number, number] = [(west + east) / 2, (south + north) / 2];
  let depth = -1;
  for (let i = 1; i < STEPS; i++) {
    for (let j = 1; j < STEPS; j++) {
      const x = west + ((east - west) * i) / STEPS;
      const y = south + ((north - south) * j) / STEPS;
      const d = inside(ring, x, y) ? Math.sqrt(nearest(ring, x, y)) : -1;
      if (d > depth) [best, depth] = [[x, y], d];
    }
  }
  return best;
}

function inside(ring: Position[], x: number, y: number): boolean {
  let odd = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi, xj, yj] = [ring[i]![0]!, ring[i]![1]!, ring[j]![0]!, ring[j]![1]!];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
  }
  return odd;
}

function nearest(ring: Position[], x: number, y: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const p of ring) least = Math.min(least, (p[0]! - x) ** 2 + (p[1]! - y) ** 2);
  return least;
}
