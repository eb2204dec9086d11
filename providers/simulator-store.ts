import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** A named set of JSON values by id, in the order in which the ids first came. */
export interface Collection<T> {
  get(id: string): T | undefined;
  /** Keeps a value (and what was changed inside it since). It is in the file when this returns. */
  put(id: string, value: T): void;
  delete(id: string): void;
  values(): IterableIterator<T>;
  ids(): IterableIterator<string>;
  readonly size: number;
}

export interface Store {
  collection<T>(name: string): Collection<T>;
  /** What the work changes (it must be synchronous) reaches the file as one line: after a kill all of it or nothing. */
  atomically<T>(work: () => T): T;
  /** Forgets everything, in the file too. */
  clear(): void;
  close(): void;
}

type Change = readonly [collection: string, id: string, value?: unknown];

const linesBeforeRewrite = 20_000;

/**
 * The memory of a simulator. What a provider has answered must survive `kill -9`, so every change is written to a
 * journal (a line of JSON with one or more changes) before the answer goes out; the journal is rewritten to the living
 * values at the start and when it has grown. Without a path it is memory only.
 */
export function createStore(path?: string): Store {
  const collections = new Map<string, Map<string, unknown>>();
  const journal = path === undefined ? undefined : openJournal(path, collections);

  let together: Change[] | undefined;

  const values = (name: string) => collections.get(name) ?? addTo(collections, name);
  function record(change: Change): void {
    if (together) together.push(change);
    else journal?.append([change]);
  }

  return {
    collection<T>(name: string): Collection<T> {
      return {
        get: (id) => values(name).get(id) as T | undefined,
        put(id, value) {
          values(name).set(id, value);
          record([name, id, value]);
        },
        delete(id) {
          if (values(name).delete(id)) record([name, id]);
        },
        values: () => values(name).values() as IterableIterator<T>,
        ids: () => values(name).keys(),
        get size() {
          return values(name).size;
        },
      };
    },
    atomically(work) {
      if (together) return work();
      const changes: Change[] = [];
      together = changes;
      try {
        return work();
      } finally {
        together = undefined;
        if (changes.length > 0) journal?.append(changes);
      }
    },
    clear() {
      for (const kept of collections.values()) kept.clear();
      journal?.rewrite();
    },
    close: () => journal?.close(),
  };
}

function addTo(collections: Map<string, Map<string, unknown>>, name: string): Map<string, unknown> {
  const added = new Map<string, unknown>();
  collections.set(name, added);
  return added;
}

function openJournal(path: string, collections: Map<string, Map<string, unknown>>) {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path)) replay(path, collections);
  let lineCount = 0;
  let closed = false;
  let file = rewritten();

  function rewritten(): number {
    const lines: string[] = [];
    for (const [name, kept] of collections) {
      for (const [id, value] of kept) lines.push(`${JSON.stringify([[name, id, value]])}\n`);
    }
    writeFileSync(`${path}.new`, lines.join(''), { mode: 0o600 });
    renameSync(`${path}.new`, path);
    lineCount = lines.length;
    return openSync(path, 'a');
  }
  function rewrite(): void {
    closeSync(file);
    file = rewritten();
  }
  const living = () => [...collections.values()].reduce((sum, kept) => sum + kept.size, 0);

  return {
    append(changes: readonly Change[]): void {
      // The number of a closed file may already belong to another one.
      if (closed) throw new Error(`${path}: the simulator has stopped`);
      writeSync(file, `${JSON.stringify(changes)}\n`);
      lineCount += 1;
      if (lineCount % linesBeforeRewrite === 0 && lineCount > living() * 2) rewrite();
    },
    rewrite,
    close(): void {
      closed = true;
      closeSync(file);
    },
  };
}

/** Reads a journal. The last line may be torn by a kill in mid-write; it was never answered, so it never was. */
function replay(path: string, collections: Map<string, Map<string, unknown>>): void {
  const lines = readFileSync(path, 'utf8').split('\n');
  const torn = lines.pop();
  if (torn !== undefined && torn !== '') lines.push(...(isJson(torn) ? [torn] : []));
  for (const [index, text] of lines.entries()) {
    if (!isJson(text)) throw new Error(`${path}: line ${index + 1} is damaged; remove the file to start afresh`);
    for (const change of JSON.parse(text) as Change[]) {
      const [name, id] = change;
      const kept = collections.get(name) ?? addTo(collections, name);
      if (change.length === 2) kept.delete(id);
      else kept.set(id, change[2]);
    }
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
