import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The sandbox page, served by the simulator at `/` with its files under `/sandbox/`. */
export default defineConfig({
  root: folder('.'),
  base: '/sandbox/',
  publicDir: false,
  plugins: [preact({ devToolsEnabled: false })],
  build: {
    outDir: folder('../dist/sandbox'),
    emptyOutDir: true,
    target: 'es2023',
    // What is inlined would need a wider policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
