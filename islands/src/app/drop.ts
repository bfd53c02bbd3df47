// A file may be dropped anywhere on .jh-drop; it lands in the plain file input inside.
export function dropFiles(part: ParentNode) {
  for (const place of part.querySelectorAll<HTMLElement>('.jh-drop')) {
    const input = place.querySelector<HTMLInputElement>('input[type=file]');
    if (!input) continue;
    const over = (yes: boolean) => (yes ? (place.dataset.over = '') : delete place.dataset.over);
    place.addEventListener('dragover', (event) => {
      event.preventDefault();
      over(true);
    });
    place.addEventListener('dragleave', () => over(false));
    place.addEventListener('drop', (event) => {
      event.preventDefault();
      over(false);
      if (!event.dataTransfer?.files.length) return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    });
  }
}
