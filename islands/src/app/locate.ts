// A button with data-locate="#field" writes where its reader is, as longitude,latitude, into that field. It asks when it is pressed
// and never before. What it is doing and what came of it stands in the element with role="status" beside it. The officer's own
// button names no field: it belongs to the script of his page.
export function findPosition() {
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>('[data-locate^="#"]');
    const field = button && document.querySelector<HTMLTextAreaElement | HTMLInputElement>(button.dataset.locate!);
    if (!button || !field) return;
    const note = button.parentElement?.querySelector('[role="status"]');
    const say = (text = '') => note && (note.textContent = text);
    const failed = () => {
      button.disabled = false;
      say(button.dataset.locateFailed);
    };
    if (!navigator.geolocation) return failed();
    button.disabled = true;
    say(button.dataset.locateWait);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        button.disabled = false;
        say();
        const digits = Number(button.dataset.locateDigits ?? 7);
        field.value = `${coords.longitude.toFixed(digits)},${coords.latitude.toFixed(digits)}`;
        field.dispatchEvent(new Event('input', { bubbles: true }));
        if ('locateSend' in button.dataset) field.form?.requestSubmit();
      },
      failed,
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  });
}
