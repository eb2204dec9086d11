import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFolder } from '../support/environment.ts';

/** What must stand before a suite can run. */
export type Need = 'database' | 'temporal' | 'bundle' | 'webapp';

/** A check of the whole tree; it counts as one test. */
export interface Gate {
  readonly kind: 'gate';
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

/** One folder of test files, run by one mocha process. */
export interface Suite {
  readonly kind: 'suite';
  readonly name: string;
  readonly needs: readonly Need[];
  /** Its clients are killed, which can leave a shared Temporal unwell: it starts one of its own. */
  readonly ownTemporal?: boolean;
  /** It starts and kills processes all the time, which takes the machine from whatever runs beside it: it runs last. */
  readonly alone?: boolean;
}

export type Part = Gate | Suite;

const sources = [
  'core',
  'platform',
  'ledger',
  'db',
  'providers',
  'workflows',
  'activities',
  'gateway',
  'workers',
  'api',
  'bot',
  'webapp',
];

const gates: readonly Gate[] = [
  gate('types', ['tsc', '--noEmit', '-p', '.']),
  gate('types-webapp', ['tsc', '--noEmit', '-p', 'webapp']),
  gate('lint', ['oxlint', '--type-aware', '--deny-warnings']),
  gate('format', ['prettier', '--check', '--log-level', 'warn', '.']),
  gate('imports', ['depcruise', '--config', '.dependency-cruiser.mjs', ...sources, 'cli', 'test']),
  gate('unused', ['knip', '--no-progress']),
];

/** The longest first, so that the end does not wait for one of them. */
const suites: readonly Suite[] = [
  { ...suite('chaos', ['database', 'temporal', 'bundle']), ownTemporal: true, alone: true },
  suite('e2e', ['database', 'temporal', 'bundle']),
  suite('workflows', ['database', 'temporal', 'bundle']),
  suite('bot', ['database', 'temporal', 'bundle']),
  suite('api', ['database', 'temporal', 'bundle', 'webapp']),
  suite('webapp', ['database', 'temporal', 'bundle', 'webapp']),
  suite('ledger', ['database']),
  suite('contract'),
  suite('cache', ['database']),
  suite('architecture', ['bundle']),
  suite('replay', ['bundle']),
  suite('unit'),
];

/** Every gate and every suite that has files. */
export const allParts: readonly Part[] = [...gates, ...suites];

export interface Selection {
  /** Names of gates and suites; empty for all. */
  readonly names: readonly string[];
  /** Only the files of the long scenarios, in full. */
  readonly long: boolean;
}

/** The parts asked for, or the names that nothing has. A run of the long scenarios has no gates. */
export function selectParts(selection: Selection): { parts: readonly Part[] } | { unknown: readonly string[] } {
  const known = new Set([...allParts.map((part) => part.name), 'gates']);
  const unknown = selection.names.filter((name) => !known.has(name));
  if (unknown.length > 0) return { unknown };
  const wanted = (part: Part): boolean =>
    selection.names.length === 0 ||
    selection.names.includes(part.name) ||
    (part.kind === 'gate' && selection.names.includes('gates'));
  const runnable = (part: Part): boolean =>
    part.kind === 'gate' ? !selection.long : suiteFiles(part.name, selection.long).length > 0;
  return { parts: allParts.filter((part) => wanted(part) && runnable(part)) };
}

/** The test files of a suite; in the long run those of the long scenarios, which scale their figures. */
export function suiteFiles(name: string, long: boolean): readonly string[] {
  const folder = join(repositoryFolder, 'test', name);
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'));
  const isLong = (file: string): boolean => /\bscaled\(/.test(readFileSync(join(folder, file), 'utf8'));
  return files
    .filter((file) => !long || isLong(file))
    .sort()
    .map((file) => join('test', name, file));
}

function gate(name: string, command: readonly [string, ...string[]]): Gate {
  return { kind: 'gate', name, command };
}

function suite(name: string, needs: readonly Need[] = []): Suite {
  return { kind: 'suite', name, needs };
}
