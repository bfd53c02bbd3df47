// Where there is no WebGL (an old desk machine, a remote desktop): the same map, still, as SVG.
import type { Feature, FeatureCollection, Position } from 'geojson';
import type { Scale } from './classes';
import { paletteOf } from './colours';
import type { Drawn } from './furniture';
import { avoidTouching, DOT_PX, labelFor } from './labels';
import type { Asked } from './map';
import { codesIn, writeCodes } from './pick';
import { boundsOf, positions, rings, type Place } from './places';

const NS = 'http://www.w3.org/2000/svg';
const PAD = 28;

export function drawSvg(
  host: HTMLElement,
  canvas: HTMLElement,
  data: FeatureCollection,
  base: FeatureCollection | null,
  places: Place[],
  scale: Scale | null,
  asked: Asked,
): Drawn {
  const [west, south, east, north] = asked.bounds ?? boundsOf(base ?? data);
  const palette = paletteOf(host);
  const css = getComputedStyle(host);
  const token = (name: string) => css.getPropertyValue(name).trim();
  let metres = 1;
  const moved: (() => void)[] = [];

  const render = () => {
    canvas.replaceChildren();
    const { clientWidth: width, clientHeight: height } = canvas;
    const k = Math.min((width - 2 * PAD) / (east - west), (height - 2 * PAD) / (mercator(north) - mercator(south)));
    const left = (width - k * (east - west)) / 2;
    const top = (height - k * (mercator(north) - mercator(south))) / 2;
    const to = ([x, y]: Position): [number, number] => [left + k * (x! - west), top + k * (mercator(north) - mercator(y!))];
    metres = (111_320 * Math.cos((((south + north) / 2) * Math.PI) / 180)) / k;

    const svg = canvas.appendChild(document.createElementNS(NS, 'svg'));
    svg.setAttribute('width', String(width));
    svg.setAttribute('height', String(height));
    svg.setAttribute('aria-hidden', 'true');
    for (const feature of base?.features ?? []) svg.append(shape(feature, to, token('--jh-white'), token('--jh-line-strong'), 0.75));
    data.features.forEach((feature, at) => {
      const place = places[at]!;
      const fill = asked.colour ? palette[place.colour]! : (scale?.colourOf(place.value) ?? token('--jh-ramp-2'));
      const drawn = svg.appendChild(shape(feature, to, fill, token(asked.colour ? '--jh-line-strong' : '--jh-map-line'), 1.25));
      if (asked.colour) drawn.setAttribute('fill-opacity', feature.geometry?.type === 'Point' ? '1' : '0.45');
      if (asked.pickInto && place.code) {
        const into = asked.pickInto;
        const mark = () => drawn.setAttribute('stroke-width', codesIn(into).has(place.code) ? '4' : '1.25');
        mark();
        drawn.style.cursor = 'pointer';
        drawn.addEventListener('click', () => {
          writeCodes(into, place.code);
          mark();
        });
        return;
      }
      if (!place.href) return;
      drawn.style.cursor = 'pointer';
      drawn.addEventListener('click', () => location.assign(place.href!));
    });
    const labels = places.filter((place) => place.name).map((place) => {
      const element = canvas.appendChild(labelFor(place, scale !== null));
      const [x, y] = to(place.at);
      Object.assign(element.style, { position: 'absolute', top: '0', left: '0' });
      element.style.transform = place.dot ? `translate(-50%, -100%) translate(${x}px, ${y - DOT_PX}px)` : `translate(-50%, -50%) translate(${x}px, ${y}px)`;
      return { element, weight: place.weight };
    });
    avoidTouching(labels);
    moved.forEach((listener) => listener());
  };

  render();
  const follow = new ResizeObserver(render);
  follow.observe(canvas);
  return { zoom: null, reset: null, metresPerPixel: () => metres, onMove: (listener) => moved.push(listener), stop: () => follow.disconnect() };
}

/** Degrees of latitude stretched as on a Mercator map, in degrees of longitude. */
function mercator(latitude: number): number {
  return (Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360)) * 180) / Math.PI;
}

function shape(feature: Feature, to: (p: Position) => [number, number], fill: string, line: string, width: number): SVGElement {
  const point = feature.geometry?.type === 'Point' || feature.geometry?.type === 'MultiPoint';
  const made = document.createElementNS(NS, point ? 'g' : 'path');
  made.setAttribute('stroke', line);
  made.setAttribute('stroke-width', String(width));
  made.setAttribute('fill', fill);
  if (point) {
    for (const position of positions(feature)) {
      const [x, y] = to(position);
      const dot = made.appendChild(document.createElementNS(NS, 'circle'));
      for (const [name, value] of [['cx', x], ['cy', y], ['r', 6]] as const) dot.setAttribute(name, String(value));
    }
    return made;
  }
  const open = feature.geometry?.type.endsWith('LineString');
  const parts = [...rings(feature)].map((ring) => ring.map((p, at) => `${at ? 'L' : 'M'}${to(p).map((n) => n.toFixed(1)).join(' ')}`).join('') + (open ? '' : 'Z'));
  made.setAttribute('d', parts.join(''));
  made.setAttribute('fill-rule', 'evenodd');
  if (open) {
    made.setAttribute('fill', 'none');
    made.setAttribute('stroke', fill);
    made.setAttribute('stroke-width', '3');
  }
  return made;
}
