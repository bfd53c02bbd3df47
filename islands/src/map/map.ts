// <jh-map src="/places.geojson">: our own layers on a quiet ground, drawn with MapLibre; no tiles, fonts or sprites of anyone.
// What is inside the element (a list of the same places) is shown until the map is drawn and where it cannot be.
// Attributes: see ../../README.md.
import type { FeatureCollection } from 'geojson';
import { words } from '../words';
import { readScale } from './classes';
import { drawFurniture } from './furniture';
import { drawGl } from './gl';
import { readPlaces } from './places';
import { drawSvg } from './svg';

/** What the map was asked to show. */
export interface Asked {
  value: string | null;
  valueLabel: string;
  unit: string;
  name: string;
  href: string;
  breaks: number[] | null;
  attribution: string;
}

class JhMap extends HTMLElement {
  private stop: (() => void) | undefined;

  connectedCallback() {
    const source = this.getAttribute('src');
    if (source && !this.stop) void this.draw(source).catch((error: unknown) => this.fail(error));
  }

  disconnectedCallback() {
    this.stop?.();
    this.stop = undefined;
  }

  private asked(): Asked {
    const text = (name: string, otherwise = '') => this.getAttribute(name) ?? otherwise;
    const breaks = text('breaks').split(',').map(Number).filter(Number.isFinite);
    return {
      value: this.getAttribute('value-property'),
      valueLabel: text('value-label'),
      unit: text('unit'),
      name: text('name-property', 'name'),
      href: text('href-property', 'href'),
      breaks: this.hasAttribute('breaks') ? breaks : null,
      attribution: text('attribution'),
    };
  }

  private async draw(source: string) {
    const asked = this.asked();
    const [data, base] = await Promise.all([load(source), load(this.getAttribute('base'))]);
    if (!data || data.features.length === 0) throw new Error(`${source} has no places`);
    const scale = readScale(this, data, asked);
    const places = readPlaces(data, asked, scale);
    const canvas = document.createElement('div');
    canvas.className = 'jh-map-canvas';
    canvas.dataset.map = '';
    canvas.setAttribute('role', 'group');
    canvas.setAttribute('aria-label', this.getAttribute('label') ?? words.map);
    this.prepend(canvas);
    const drawn = (await drawGl(this, canvas, data, base, places, scale)) ?? drawSvg(this, canvas, data, base, places, scale);
    const removeFurniture = drawFurniture(this, drawn, asked, scale);
    this.dataset.ready = '';
    this.stop = () => {
      removeFurniture();
      drawn.stop();
    };
  }

  private fail(error: unknown) {
    console.warn('jh-map:', error);
    this.querySelectorAll('[data-map]').forEach((part) => part.remove());
    this.dataset.failed = '';
    const note = document.createElement('p');
    note.textContent = words.mapAway;
    this.prepend(note);
  }
}

async function load(source: string | null): Promise<FeatureCollection | null> {
  if (!source) return null;
  const answer = await fetch(source, { headers: { accept: 'application/geo+json, application/json' } });
  if (!answer.ok) throw new Error(`${source} answered ${answer.status}`);
  return (await answer.json()) as FeatureCollection;
}

customElements.define('jh-map', JhMap);
