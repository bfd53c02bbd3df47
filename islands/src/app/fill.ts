// A button with data-fill='{"answer":"…"}' writes these texts into the fields of its form with these ids; a field with
// data-fill-append keeps what is in it. Without script the button sends the form, and the server fills them.
export function fillFields() {
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>('button[data-fill]');
    if (!button?.form) return;
    event.preventDefault();
    let last: HTMLElement | undefined;
    for (const [id, text] of Object.entries(JSON.parse(button.dataset.fill!) as Record<string, string>)) {
      const field = button.form.elements.namedItem(id);
      if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) continue;
      const kept = 'fillAppend' in field.dataset && field.value.trim() ? `${field.value.trimEnd()}\n` : '';
      field.value = kept + text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      last ??= field;
    }
    last?.focus();
  });
}
