// Where the keyboard goes: `/` to the search box, and a page with errors to their summary.

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Whether a key press is meant for the page and not for a field or the browser. */
export function forThePage(event: KeyboardEvent): boolean {
  return !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target);
}

export function searchKey() {
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || !forThePage(event)) return;
    const box = document.querySelector<HTMLInputElement>('[data-search]');
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}

export function focusProblem(part: ParentNode) {
  part.querySelector<HTMLElement>('[data-focus]')?.focus();
}
