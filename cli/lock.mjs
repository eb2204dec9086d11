// Completes package-lock.json for all platforms. Some installs resolve no packages for other platforms; npm then leaves
// them out of the lock, and `npm ci` fails with "Missing: ... from lock file" there. Run by `npm run lock` after each
// change of a dependency. Standard library only.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const systems = {
  aix: 'aix',
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  linuxmusl: 'linux',
  openharmony: 'openharmony',
  win32: 'win32',
  win: 'win32',
  windows: 'win32',
};
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'];

/** What a package's name says about where it runs: `binding-linux-arm64-musl` is linux, arm64, musl. */
export function platformOf(name) {
  const words = (name.split('/').at(-1) ?? '').split(/[-_]/);
  const os = words.map((word) => systems[word]).find((system) => system !== undefined);
  const cpu = words.find((word) => processors.includes(word));
  const musl = words.includes('musl') || words.includes('linuxmusl') || words.includes('musleabihf');
  const glibc = words.includes('gnu') || words.includes('gnueabihf');
  return {
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(os === 'linux' && (musl || glibc) ? { libc: [musl ? 'musl' : 'glibc'] } : {}),
    ...(os ? { os: [os] } : {}),
  };
}

/** The optional dependencies that the lock names and does not hold. */
export function missingEntries(lock) {
  const missing = [];
  for (const [folder, entry] of Object.entries(lock.packages)) {
    const peers = Object.keys(entry.peerDependenciesMeta ?? {});
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!peers.includes(name) && !resolves(lock.packages, folder, name))
        missing.push({ name, version, by: folder, dev: entry.dev });
    }
  }
  return missing;
}

/** The lock with an entry for each missing package; those whose version is not exact cannot be completed. */
export function complete(lock) {
  const added = {};
  for (const { name, version, by, dev } of missingEntries(lock)) {
    if (!/^\d+\.\d+\.\d+[\w.+-]*$/.test(version))
      throw new Error(`${by} wants ${name}@${version}, which is no exact version`);
    added[`node_modules/${name}`] = { version, ...(dev ? { dev } : {}), optional: true, ...platformOf(name) };
  }
  const packages = Object.fromEntries(
    Object.entries({ ...lock.packages, ...added }).sort(([left], [right]) => (left < right ? -1 : 1)),
  );
  return { lock: { ...lock, packages }, added: Object.keys(added) };
}

/** Whether Node would find the package from a folder of the lock: in its own node_modules or in one above. */
function resolves(packages, folder, name) {
  for (let above = folder; ; above = above.slice(0, Math.max(0, above.lastIndexOf('/node_modules/')))) {
    if (packages[`${above === '' ? '' : `${above}/`}node_modules/${name}`]) return true;
    if (!above.includes('node_modules/')) return false;
    if (!above.includes('/node_modules/')) return packages[`node_modules/${name}`] !== undefined;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = fileURLToPath(new URL('../package-lock.json', import.meta.url));
  const { lock, added } = complete(JSON.parse(readFileSync(path, 'utf8')));
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(added.length === 0 ? 'The lock is complete.' : `Added to the lock: ${added.join(', ')}`);
}
