// A template that draws a chart or a map must load what draws it: without, people see an empty box, and no test would.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const DRAWN_BY = { '<jh-chart': 'page.asset("chart.js")', '<jh-map': 'page.asset("map.js")' };

export function refuseUndrawn() {
  const faults = [];
  for (const folder of ['foundation', 'engines', 'apps']) {
    const top = join(root, folder);
    if (!existsSync(top)) continue;
    for (const file of readdirSync(top, { recursive: true })) {
      if (!file.endsWith('.html') || file.includes('target/')) continue;
      const text = readFileSync(join(top, file), 'utf8');
      for (const [tag, script] of Object.entries(DRAWN_BY)) {
        if (text.includes(tag) && !text.includes(script)) faults.push(`  ${join(folder, file)} has ${tag}> and does not load ${script}`);
      }
    }
  }
  if (faults.length) throw new Error(`these pages would show an empty box:\n${faults.join('\n')}`);
}
