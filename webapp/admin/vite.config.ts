import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The operator panel: one page under `/admin/`, served by the API from `webapp/dist/admin`. */
export default defineConfig({
  root: folder('.'),
  base: '/admin/',
  publicDir: false,
  plugins: [preact({ devToolsEnabled: false })],
  build: {
    outDir: folder('../dist/admin'),
    emptyOutDir: true,
    target: 'es2022',
    // What is inlined would need a wider policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
