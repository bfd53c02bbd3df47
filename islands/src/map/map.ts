// <jh-map src="/places.geojson">: our own layers on a quiet ground, drawn with MapLibre; no tiles, fonts or sprites of anyone.
// What is inside the element (a list of the same places) is shown until the map is drawn and where it cannot be.
// Attributes: see ../../README.md.
import { words } from '../words';

/** What the map was asked to show. */
export interface Asked {
  value: string | null;
  valueLabel: string;
  unit: string;
  name: string;
  href: string;
  breaks: number[] | null;
  attribution: string;
  /** West, south, east, north to begin with. */
  bounds: [number, number, number, number] | null;
  /** The places are asked for again for what is in sight. */
  byBox: boolean;
  /** The property that is a colour of ours, 1 to 6; 0 for none. */
  colour: string | null;
  /** The shape that clicks make, and the field they are written into. */
  draw: 'line' | 'area' | 'point' | null;
  drawInto: HTMLTextAreaElement | null;
  /** The field that the codes of clicked places are written into. */
  pickInto: HTMLTextAreaElement | null;
}

class JhMap extends HTMLElement {
  private stop: (() => void) | undefined;

  connectedCallback() {
    const source = this.getAttribute('src');
    if (!source || this.stop) return;
    const wait = this.appendChild(document.createElement('p'));
    wait.className = 'jh-map-note jh-map-wait';
    wait.dataset.map = '';
    wait.textContent = words.drawing;
    // MapLibre is large: it comes when the map is about to be seen.
    const watch = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        watch.disconnect();
        void this.draw(source).catch((error: unknown) => this.fail(error));
      },
      { rootMargin: '300px' },
    );
    watch.observe(this);
    this.stop = () => watch.disconnect();
  }

  disconnectedCallback() {
    this.stop?.();
    this.stop = undefined;
  }

  private asked(): Asked {
    const text = (name: string, otherwise = '') => this.getAttribute(name) ?? otherwise;
    const breaks = text('breaks').split(',').map(Number).filter(Number.isFinite);
    const bounds = text('bounds').split(',').filter(Boolean).map(Number);
    const field = (name: string) => {
      const found = this.hasAttribute(name) ? document.querySelector(text(name)) : null;
      return found instanceof HTMLTextAreaElement ? found : null;
    };
    const draw = text('draw');
    return {
      value: this.getAttribute('value-property'),
      valueLabel: text('value-label'),
      unit: text('unit'),
      name: text('name-property', 'name'),
      href: text('href-property', 'href'),
      breaks: this.hasAttribute('breaks') ? breaks : null,
      attribution: text('attribution'),
      bounds: bounds.length === 4 && bounds.every(Number.isFinite) ? (bounds as [number, number, number, number]) : null,
      byBox: this.hasAttribute('by-box'),
      colour: this.getAttribute('colour-property'),
      draw: draw === 'line' || draw === 'area' || draw === 'point' ? draw : null,
      drawInto: field('draw-into'),
      pickInto: field('pick-into'),
    };
  }

  private async draw(source: string) {
    const { drawMap } = await import('./draw');
    this.stop = await drawMap(this, source, this.asked());
    this.querySelector('.jh-map-wait')?.remove();
    this.dataset.ready = '';
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

customElements.define('jh-map', JhMap);
