// Quantity to colour: at most five classes of one hue, cut where the places are evenly many, or where the page says.
import type { FeatureCollection } from 'geojson';
import type { Asked } from './map';

export interface Scale {
  /** Upper edges between classes, ascending. */
  breaks: number[];
  /** One colour more than breaks. */
  colours: string[];
  noData: string;
  least: number;
  most: number;
  /** Whether every value and edge is a whole number, so that a class can end at the number below the next. */
  whole: boolean;
  colourOf(value: number | null): string;
  /** What words on this colour stand on; null where no colour is laid. */
  under(value: number | null): 'dark' | 'light' | null;
}

const CLASSES = 5;

export function readScale(host: HTMLElement, data: FeatureCollection, asked: Asked): Scale | null {
  if (!asked.value) return null;
  const values = data.features.map((f) => numberOf(f.properties?.[asked.value!])).filter((v): v is number => v !== null);
  const sorted = values.sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const breaks = asked.breaks ?? quantiles(sorted);
  const style = getComputedStyle(host);
  const ramp = [1, 2, 3, 4, 5].map((n) => style.getPropertyValue(`--jh-ramp-${n}`).trim());
  const count = breaks.length + 1;
  // Fewer classes still use the whole ramp, so that the ends differ as much as they can.
  const colours = Array.from({ length: count }, (_, at) => ramp[count === 1 ? 2 : Math.round((at / (count - 1)) * (CLASSES - 1))]!);
  const noData = style.getPropertyValue('--jh-line').trim();
  const indexOf = (value: number) => breaks.filter((edge) => value >= edge).length;
  return {
    breaks,
    colours,
    noData,
    least: sorted[0]!,
    most: sorted[sorted.length - 1]!,
    whole: [...sorted, ...breaks].every(Number.isInteger),
    colourOf: (value) => (value === null ? noData : colours[indexOf(value)]!),
    under: (value) => (value === null ? null : luminance(colours[indexOf(value)]!) < 0.2 ? 'dark' : 'light'),
  };
}

export function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' ? Number.parseFloat(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** Edges at even counts. */
function quantiles(sorted: number[]): number[] {
  const wanted = Math.min(CLASSES, Math.max(1, Math.floor(sorted.length / 2)));
  const edges = Array.from({ length: wanted - 1 }, (_, at) => {
    const index = Math.floor(((at + 1) * sorted.length) / wanted);
    return plainest(sorted[index - 1]!, sorted[index]!);
  });
  return [...new Set(edges)].filter((edge) => edge > sorted[0]!);
}

/** The number with fewest figures above `below` and not above `value`, so that rounding moves no place to another class. */
function plainest(below: number, value: number): number {
  for (let figures = 1; figures <= 6 && value !== 0; figures++) {
    const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) + 1 - figures);
    const rounded = Number((Math.floor(value / unit) * unit).toPrecision(12));
    if (rounded > below) return rounded;
  }
  return value;
}

function luminance(hex: string): number {
  const parts = /^#(..)(..)(..)$/.exec(hex);
  if (!parts) return 1;
  const [r, g, b] = parts.slice(1).map((part) => {
    const c = Number.parseInt(part, 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
