// The six colours that tell neighbours apart, from the tokens of the page.

/** At 0 what belongs to none, then the six. */
export function paletteOf(host: HTMLElement): string[] {
  const css = getComputedStyle(host);
  return ['--jh-white', ...[1, 2, 3, 4, 5, 6].map((n) => `--jh-data-${n}`)].map((name) => css.getPropertyValue(name).trim());
}
