import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const repository = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(repository, 'webapp/dist/sources.sha256');
const pages = ['app', 'admin', 'sandbox'].map((page) => `webapp/dist/${page}/index.html`);
/** What the pages are made of: ours, the texts, what is shared with the server, and the exact libraries. */
const sources = ['webapp', 'locales', 'core', 'package-lock.json'];

/** Builds a page that the API serves by its configuration into `webapp/dist/<page>`. */
async function buildPage(page: 'app' | 'admin', configFile: string): Promise<void> {
  const { build } = await import('vite');
  await build({ configFile: join(repository, configFile), logLevel: 'error' });
  packAssets(join(repository, 'webapp/dist', page, 'assets'));
}

/** Lays the packed form of each file beside it, for the server to send: as small as it gets, and packed once. */
function packAssets(folder: string): void {
  for (const name of readdirSync(folder).filter((file) => /\.(?:js|css)$/.test(file))) {
    const path = join(folder, name);
    const plain = readFileSync(path);
    writeFileSync(`${path}.br`, brotliCompressSync(plain));
    writeFileSync(`${path}.gz`, gzipSync(plain, { level: 9 }));
  }
}

/** Builds the Mini App, the panel and the sandbox unless all stand as their sources are now. Answers whether it did. */
export async function buildPages(): Promise<boolean> {
  const hash = hashSources();
  const isBuilt = pages.every((page) => existsSync(join(repository, page)));
  if (isBuilt && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return false;
  const { buildSandbox } = await import('./sandbox/build.ts');
  await Promise.all([
    buildPage('app', 'webapp/vite.config.ts'),
    buildPage('admin', 'webapp/admin/vite.config.ts'),
    buildSandbox(),
  ]);
  writeFileSync(stamp, hash);
  return true;
}

function hashSources(): string {
  const hash = createHash('sha256');
  for (const path of sources.flatMap(filesUnder).toSorted()) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(repository, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

function filesUnder(path: string): string[] {
  if (path === 'webapp/dist') return [];
  const entries = path.endsWith('.json') ? undefined : readdirSync(join(repository, path), { withFileTypes: true });
  if (entries === undefined) return [path];
  return entries.flatMap((entry) => {
    const inner = `${path}/${entry.name}`;
    return entry.isDirectory() ? filesUnder(inner) : [inner];
  });
}
