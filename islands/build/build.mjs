// Builds dist/: Vite's output, the icon sprite, the favicon, manifest.json (plain name to hashed name), compressed copies.
// Fails when a first visit without map or chart would weigh more than the budget.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'vite';
import { hashed } from './hashed.mjs';
import { refuseUndrawn } from './loaded.mjs';
import { licences } from './licences.mjs';
import { sprite } from './sprite.mjs';
import { compress, measure } from './weigh.mjs';

const FIRST_VISIT_BYTES_MAX = 150 * 1024;
const dist = new URL('../dist/', import.meta.url);

refuseUndrawn();
await build({ logLevel: 'warn' });

const vite = JSON.parse(readFileSync(new URL('vite-manifest.json', dist), 'utf8'));
const entry = (source) => vite[source].file;
const manifest = {
  'app.css': entry('src/styles/app.scss'),
  'boot.js': entry('src/app/boot.ts'),
  'app.js': entry('src/app/app.ts'),
  'chart.js': entry('src/chart/chart.ts'),
  'map.js': entry('src/map/map.ts'),
  'field.js': entry('src/field/field.ts'),
  'worker.js': entry('src/field/worker.ts'),
};
rmSync(new URL('vite-manifest.json', dist));

const write = (name, text) => {
  manifest[name] = hashed(name, text);
  writeFileSync(new URL(manifest[name], dist), text);
};
write('icons.svg', sprite());
write('favicon.svg', readFileSync(new URL('../src/icons/favicon.svg', import.meta.url), 'utf8'));
writeFileSync(new URL('manifest.json', dist), `${JSON.stringify(manifest, null, 2)}\n`);
writeFileSync(new URL('third-party.txt', dist), licences());

compress(dist);
const first = measure(dist, manifest, ['app.css', 'boot.js', 'app.js', 'chart.js', 'icons.svg', 'favicon.svg']);
if (first > FIRST_VISIT_BYTES_MAX) {
  console.error(`A first visit weighs ${first} bytes, more than ${FIRST_VISIT_BYTES_MAX}. Load something later, or not at all.`);
  process.exit(1);
}
