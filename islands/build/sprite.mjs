// One SVG with a symbol for every icon named in icons.txt (Tabler Icons, MIT) and every file of src/icons (ours).
// An icon that a template or a menu names but the list lacks stops the build: it would be an empty square in front of people.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const tabler = join(root, 'node_modules/@tabler/icons/icons/outline');
const own = join(root, 'src/icons');

export function sprite() {
  const listed = readFileSync(join(root, 'icons.txt'), 'utf8').split('\n').map((line) => line.trim()).filter((line) => line && !line.startsWith('#'));
  const ours = readdirSync(own).filter((name) => name.startsWith('jh-')).map((name) => name.replace('.svg', ''));
  refuseUnlisted(new Set([...listed, ...ours]));
  const symbols = [...listed.map((name) => symbol(name, join(tabler, `${name}.svg`))), ...ours.map((name) => symbol(name, join(own, `${name}.svg`)))];
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`;
}

function symbol(name, path) {
  if (!existsSync(path)) throw new Error(`icons.txt names ${name}, which Tabler Icons does not have`);
  const text = readFileSync(path, 'utf8');
  const box = /viewBox="([^"]+)"/.exec(text)[1];
  const fit = /preserveAspectRatio="[^"]+"/.exec(text)?.[0] ?? '';
  const inner = text
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/^[\s\S]*?<svg[^>]*>/, '')
    .replace(/<\/svg>\s*$/, '')
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, '')
    .replace(/\s*\n\s*/g, '')
    .replace(/ \/>/g, '/>');
  return `<symbol id="${name}" viewBox="${box}"${fit && ` ${fit}`}>${inner}</symbol>`;
}

// Names are written in Rust as `icon: "inbox"` and in templates as icon("inbox").
function refuseUnlisted(known) {
  const unlisted = new Map();
  for (const folder of ['foundation', 'engines', 'apps', 'jianghai']) {
    const top = join(root, '..', folder);
    if (!existsSync(top)) continue;
    for (const file of readdirSync(top, { recursive: true })) {
      if (!/\.(rs|html)$/.test(file) || file.includes('target/')) continue;
      const text = readFileSync(join(top, file), 'utf8');
      for (const [, name] of text.matchAll(/\bicon(?::\s*|\()"([a-z0-9-]+)"/g)) {
        if (!known.has(name)) unlisted.set(name, join(folder, file));
      }
    }
  }
  if (unlisted.size === 0) return;
  const lines = [...unlisted].map(([name, file]) => `  ${name}  (${file})`);
  throw new Error(`these icons are used but not in islands/icons.txt; add them:\n${lines.join('\n')}`);
}
