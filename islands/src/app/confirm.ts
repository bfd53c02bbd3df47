// data-confirm="what will happen" on a form or a submit button: ask first. Without script the form simply goes,
// so the server must not depend on it; steps that cannot be undone have a page of their own.
import { words } from '../words';

function ask(text: string, yes: string, harm: boolean): Promise<boolean> {
  const dialog = document.createElement('dialog');
  dialog.className = 'jh-confirm';
  const title = document.createElement('h2');
  title.id = 'jh-confirm-title';
  title.textContent = words.confirm;
  dialog.setAttribute('aria-labelledby', title.id);
  const body = document.createElement('p');
  body.textContent = text;
  const actions = document.createElement('form');
  actions.method = 'dialog';
  actions.className = 'jh-form-actions';
  const button = (label: string, value: string, kind: string) => {
    const made = document.createElement('button');
    made.className = `btn ${kind}`;
    made.value = value;
    made.textContent = label;
    return made;
  };
  actions.append(button(yes, 'yes', harm ? 'btn-danger' : 'btn-primary'), button(words.no, 'no', ''));
  dialog.append(title, body, actions);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
  });
}

export function confirmBeforeDoing() {
  document.addEventListener(
    'submit',
    (event) => {
      const form = event.target as HTMLFormElement;
      const button = event.submitter as HTMLElement | null;
      const text = button?.dataset.confirm ?? form.dataset.confirm;
      if (!text || form.dataset.confirmed === 'yes' || !('showModal' in HTMLDialogElement.prototype)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const harm = /btn-(outline-)?danger/.test(button?.className ?? '');
      void ask(text, button?.textContent?.trim() || words.yes, harm).then((yes) => {
        if (!yes) return;
        form.dataset.confirmed = 'yes';
        form.requestSubmit(button as HTMLButtonElement | null);
        delete form.dataset.confirmed;
      });
    },
    true,
  );
}
