// The name of a file with its content's hash, as Vite writes them: icons.svg to icons-3fa9c2d1.svg.
import { createHash } from 'node:crypto';

export function hashed(name, text) {
  const dot = name.lastIndexOf('.');
  const hash = createHash('sha256').update(text).digest('base64url').slice(0, 8);
  return `${name.slice(0, dot)}-${hash}${name.slice(dot)}`;
}
