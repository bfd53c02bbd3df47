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
  colourOf(value: number | null): string;
  /** Whether words on this colour must be white. */
  dark(value: number | null): boolean;
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
    colourOf: (value) => (value === null ? noData : colours[indexOf(value)]!),
    dark: (value) => value !== null && luminance(colours[indexOf(value)]!) < 0.2,
  };
}

export function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' ? Number.parseFloat(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** Edges at even counts, rounded to two figures so that the legend can be read aloud; equal edges fall together. */
function quantiles(sorted: number[]): number[] {
  const wanted = Math.min(CLASSES, Math.max(1, Math.floor(sorted.length / 2)));
  const edges = Array.from({ length: wanted - 1 }, (_, at) => sorted[Math.floor(((at + 1) * sorted.length) / wanted)]!);
  const rounded = edges.map((edge) => (edge === 0 ? 0 : Number(edge.toPrecision(2))));
  return [...new Set(rounded)].filter((edge) => edge > sorted[0]! && edge <= sorted[sorted.length - 1]!);
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
