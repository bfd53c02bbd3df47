// Around the map: legend, north, scale, attribution, buttons. The same for both ways of drawing.
import { figure, words } from '../words';
import type { Scale } from './classes';
import type { Asked } from './map';

/** A map as drawn, whichever way. */
export interface Drawn {
  zoom: ((steps: number) => void) | null;
  reset: (() => void) | null;
  /** Metres in one CSS pixel at the middle. */
  metresPerPixel: () => number;
  onMove: (listener: () => void) => void;
  stop: () => void;
}

const NS = 'http://www.w3.org/2000/svg';

function add(host: HTMLElement, tag: string, kind: string, text = ''): HTMLElement {
  const made = document.createElement(tag);
  made.className = kind;
  made.textContent = text;
  host.append(made);
  return made;
}

export function drawFurniture(host: HTMLElement, drawn: Drawn, asked: Asked, scale: Scale | null): () => void {
  const parts = [north(host), foot(host, drawn, asked)];
  if (scale) parts.push(legend(host, asked, scale));
  if (drawn.zoom && drawn.reset) parts.push(controls(host, drawn.zoom, drawn.reset));
  parts.forEach((part) => (part.dataset.map = ''));
  return () => parts.forEach((part) => part.remove());
}

function legend(host: HTMLElement, asked: Asked, scale: Scale): HTMLElement {
  const box = add(host, 'div', 'jh-map-legend');
  add(box, 'strong', '', asked.valueLabel + (asked.unit && ` (${asked.unit})`));
  const list = add(box, 'ul', '');
  // The largest first, as one reads a thermometer.
  for (let at = scale.colours.length - 1; at >= 0; at--) line(list, scale.colours[at]!, span(scale, at));
  const missing = host.hasAttribute('with-no-data');
  if (missing) line(list, scale.noData, words.noData);
  return box;
}

/** What lies in a class. An edge belongs to the class above it, so no two classes name the same number. */
function span(scale: Scale, at: number): string {
  const from = at > 0 ? scale.breaks[at - 1]! : scale.least;
  const below = scale.breaks[at];
  if (below === undefined) return at > 0 ? `≥ ${figure(from)}` : between(from, scale.most);
  if (below <= from) return `< ${figure(below)}`;
  return scale.whole ? between(from, below - 1) : `${figure(from)} – < ${figure(below)}`;
}

function between(from: number, to: number): string {
  return from === to ? figure(from) : `${figure(from)} – ${figure(to)}`;
}

function line(list: HTMLElement, colour: string, text: string) {
  const item = add(list, 'li', '');
  const swatch = document.createElementNS(NS, 'svg');
  swatch.setAttribute('class', 'jh-map-swatch');
  swatch.setAttribute('aria-hidden', 'true');
  const rect = swatch.appendChild(document.createElementNS(NS, 'rect'));
  rect.setAttribute('fill', colour);
  item.append(swatch, text);
}

function north(host: HTMLElement): HTMLElement {
  const box = add(host, 'div', 'jh-map-north');
  box.setAttribute('aria-hidden', 'true');
  const svg = box.appendChild(document.createElementNS(NS, 'svg'));
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.appendChild(document.createElementNS(NS, 'path')).setAttribute('d', 'M10 1l5 17-5-4-5 4z');
  box.append(words.north);
  return box;
}

function foot(host: HTMLElement, drawn: Drawn, asked: Asked): HTMLElement {
  const box = add(host, 'div', 'jh-map-foot');
  if (asked.attribution) add(box, 'span', '', asked.attribution);
  const bar = add(box, 'span', 'jh-map-scale');
  const measure = () => {
    const metres = drawn.metresPerPixel() * 90;
    if (!Number.isFinite(metres) || metres <= 0) return;
    const power = 10 ** Math.floor(Math.log10(metres));
    const round = [5, 2, 1].map((n) => n * power).find((n) => n <= metres) ?? power;
    bar.style.width = `${(round / metres) * 90}px`;
    bar.textContent = round >= 1000 ? `${round / 1000} km` : `${round} m`;
  };
  drawn.onMove(measure);
  measure();
  return box;
}

function controls(host: HTMLElement, zoom: (steps: number) => void, reset: () => void): HTMLElement {
  const box = add(host, 'div', 'jh-map-controls');
  const button = (mark: string, label: string, act: () => void) => {
    const made = add(box, 'button', '', mark) as HTMLButtonElement;
    made.type = 'button';
    made.setAttribute('aria-label', label);
    made.title = label;
    made.addEventListener('click', act);
  };
  button('+', words.zoomIn, () => zoom(1));
  button('−', words.zoomOut, () => zoom(-1));
  button('⤢', words.reset, reset);
  return box;
}
