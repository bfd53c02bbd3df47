// The licence of everything of others that the built files contain, as those licences ask.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../node_modules/', import.meta.url));
const INSIDE = ['@tabler/core', '@tabler/icons', 'htmx.org', 'maplibre-gl', 'echarts', 'zrender'];

export function licences() {
  return INSIDE.map((name) => {
    const folder = join(modules, name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const files = readdirSync(folder).filter((file) => statSync(join(folder, file)).isFile() && /^(licen[sc]e|notice)/i.test(file));
    const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
    return `${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`;
  }).join(`\n${'-'.repeat(80)}\n\n`);
}
