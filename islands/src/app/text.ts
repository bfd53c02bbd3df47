// Text size, kept in the browser. Elder mode is the server's and works without this.
const SMALLEST = -1;
const LARGEST = 3;

export function textSize() {
  const root = document.documentElement;
  for (const part of document.querySelectorAll<HTMLElement>('[data-text-size]')) {
    part.hidden = false;
    part.addEventListener('click', (event) => {
      const button = (event.target as Element).closest<HTMLElement>('[data-text-step]');
      if (!button) return;
      const now = Number(root.dataset.text ?? 0) + Number(button.dataset.textStep);
      const size = Math.min(LARGEST, Math.max(SMALLEST, now));
      root.dataset.text = String(size);
      try {
        localStorage.setItem('jh-text', String(size));
      } catch {
        // For this page only, then.
      }
    });
  }
}
