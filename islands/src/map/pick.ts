// Choosing places on a map: their codes are written into a field of the form, which stays the truth and may be typed into.

export function codesIn(field: HTMLTextAreaElement): Set<string> {
  return new Set(field.value.split(/\D+/).filter(Boolean));
}

/** Takes a code in, or out if it is in. */
export function writeCodes(field: HTMLTextAreaElement, code: string) {
  const codes = codesIn(field);
  if (!codes.delete(code)) codes.add(code);
  field.value = [...codes].join('\n');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
