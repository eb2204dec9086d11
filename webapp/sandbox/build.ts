import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const sandboxFolder = folder('../dist/sandbox');

/** Builds the sandbox page, and beside it the script that gives a Mini App its `window.Telegram`. */
export async function buildSandbox(outDir: string = sandboxFolder): Promise<void> {
  await build({ configFile: folder('vite.config.ts'), logLevel: 'error', build: { outDir } });
  await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2022',
      reportCompressedSize: false,
      lib: {
        entry: folder('web-app/index.ts'),
        // A classic script: pages load it by a tag, and it learns its own origin from that tag.
        formats: ['iife'],
        name: 'holdfastTelegram',
        fileName: () => 'telegram-web-app.js',
      },
    },
  });
}
