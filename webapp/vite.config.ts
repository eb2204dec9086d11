import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The Mini App: one page under `/app/`, served by the API from `webapp/dist/app`. */
export default defineConfig({
  root: folder('.'),
  base: '/app/',
  publicDir: folder('public'),
  plugins: [preact({ devToolsEnabled: false })],
  build: {
    outDir: folder('dist/app'),
    emptyOutDir: true,
    target: 'es2022',
    // What is inlined would need a wider policy, and saves nothing over one connection.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
