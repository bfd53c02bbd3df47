// Names carry a hash of the content, so that the server may let browsers keep them for ever.
import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  publicDir: false,
  css: { preprocessorOptions: { scss: { loadPaths: ['node_modules'], quietDeps: true } } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsDir: '.',
    assetsInlineLimit: 0,
    modulePreload: false,
    manifest: 'vite-manifest.json',
    // WeChat's own engine and the phones of older people: no newer than these.
    target: ['chrome91', 'firefox102', 'safari15'],
    cssTarget: ['chrome91', 'firefox102', 'safari15'],
    chunkSizeWarningLimit: 2000,
    rollupOptions: {
      input: {
        boot: 'src/app/boot.ts',
        app: 'src/app/app.ts',
        chart: 'src/chart/chart.ts',
        map: 'src/map/map.ts',
        field: 'src/field/field.ts',
        worker: 'src/field/worker.ts',
        style: 'src/styles/app.scss',
      },
      output: {
        entryFileNames: '[name]-[hash].js',
        chunkFileNames: '[name]-[hash].js',
        assetFileNames: '[name]-[hash][extname]',
      },
    },
  },
});
