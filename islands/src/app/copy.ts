// A button with data-copy="#id" copies that element's text. Give it the class jh-needs-script.
import { words } from '../words';

export function copyLines() {
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLElement>('[data-copy]');
    const source = button && document.querySelector(button.dataset.copy!);
    if (!button || !source) return;
    void navigator.clipboard?.writeText(source.textContent ?? '').then(() => {
      const before = button.textContent;
      button.textContent = words.copied;
      setTimeout(() => (button.textContent = before), 2000);
    });
  });
}
