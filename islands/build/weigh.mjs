// Compressed copies of every text file in dist/, and what a visit weighs with them.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const TEXT = /\.(js|mjs|css|svg|json|txt)$/;
// Below this a compressed copy saves no packet.
const WORTH_BYTES = 512;

export function compress(dist) {
  for (const name of readdirSync(dist)) {
    if (!TEXT.test(name) || name === 'manifest.json') continue;
    const plain = readFileSync(new URL(name, dist));
    if (plain.length < WORTH_BYTES) continue;
    const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } };
    writeFileSync(new URL(`${name}.br`, dist), brotliCompressSync(plain, brotli));
    writeFileSync(new URL(`${name}.gz`, dist), gzipSync(plain, { level: 9 }));
  }
}

export function measure(dist, manifest, firstVisit) {
  const size = (name) => {
    try {
      return statSync(new URL(`${name}.br`, dist)).size;
    } catch {
      return statSync(new URL(name, dist)).size;
    }
  };
  const files = readdirSync(dist).filter((name) => !/\.(br|gz)$/.test(name) && name !== 'manifest.json');
  for (const name of files.sort()) console.log(`${String(size(name)).padStart(8)} B compressed  ${name}`);
  const total = firstVisit.reduce((sum, name) => sum + size(manifest[name]), 0);
  console.log(`${String(total).padStart(8)} B compressed  a first visit (${firstVisit.join(', ')})`);
  return total;
}
