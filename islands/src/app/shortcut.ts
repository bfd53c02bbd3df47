// A button with data-shortcut="KeyS" is pressed by Alt+S. By the place of the key, not its letter: a Chinese input method may be
// on. Without script the button is there all the same.
export function shortcuts() {
  document.addEventListener('keydown', (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.repeat || !/^Key[A-Z]$/.test(event.code)) return;
    const button = document.querySelector<HTMLButtonElement>(`button[data-shortcut="${event.code}"]`);
    if (!button || button.disabled) return;
    event.preventDefault();
    button.click();
  });
  for (const button of document.querySelectorAll<HTMLElement>('[data-shortcut]')) {
    button.setAttribute('aria-keyshortcuts', `Alt+${button.dataset.shortcut!.slice(-1)}`);
  }
}
