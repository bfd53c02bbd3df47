// Names as HTML: sharp at any size, in the reader's own fonts, and links that the keyboard reaches.
import { figure } from '../words';
import type { Place } from './places';

/** From the middle of a dot to the foot of its name. */
export const DOT_PX = 8;

export function labelFor(place: Place, withValue: boolean): HTMLElement {
  const label = document.createElement(place.href ? 'a' : 'span');
  label.className = 'jh-map-label';
  if (label instanceof HTMLAnchorElement) label.href = place.href!;
  if (place.under) label.dataset.under = place.under;
  // How many are gathered at a dot is part of the drawing: a list of bare figures says nothing to who reads or hears the page.
  if (place.count > 1) {
    label.dataset.n = place.name;
    label.setAttribute('aria-hidden', 'true');
    return label;
  }
  label.textContent = place.name;
  if (withValue && place.value !== null) {
    const value = document.createElement('small');
    value.textContent = figure(place.value);
    label.append(value);
  }
  return label;
}

/** The larger place keeps its name where two would touch. */
export function avoidTouching(labels: { element: HTMLElement; weight: number }[]) {
  const kept: DOMRect[] = [];
  for (const { element } of [...labels].sort((a, b) => b.weight - a.weight)) {
    element.hidden = false;
    const box = element.getBoundingClientRect();
    const touches = kept.some((k) => box.left < k.right && box.right > k.left && box.top < k.bottom && box.bottom > k.top);
    // Whoever has the keyboard keeps it.
    element.hidden = touches && element !== document.activeElement;
    if (!element.hidden) kept.push(box);
  }
}
