// A field with data-count="4000" says in the element that data-count-into names how many characters it has. Nothing is cut: who
// pasted too much sees it, and the server refuses it in words.
import { figure } from '../words';

export function countCharacters(part: ParentNode) {
  for (const field of part.querySelectorAll<HTMLTextAreaElement>('textarea[data-count]')) {
    const line = document.querySelector<HTMLElement>(field.dataset.countInto ?? '');
    const most = Number(field.dataset.count);
    if (!line || !most) continue;
    const show = () => {
      const length = [...field.value].length;
      line.textContent = `${figure(length)} / ${figure(most)}`;
      line.toggleAttribute('data-bad', length > most);
    };
    field.addEventListener('input', show);
    show();
  }
}
