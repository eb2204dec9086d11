import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Builds the Mini App into `webapp/dist/app`. */
export async function buildMiniApp(): Promise<void> {
  await build({ configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)), logLevel: 'error' });
}
