import type { Bridge } from './bridge.ts';
import type { Events } from './events.ts';
import type { Launch } from './launch.ts';
import { wordsOf } from './words.ts';

/** What every part of the surface works with. */
export interface Core {
  readonly launch: Launch;
  readonly bridge: Bridge;
  readonly events: Events;
  readonly atLeast: (version: string) => boolean;
  /** Throws what the documented surface throws where a method is newer than the client. */
  readonly need: (method: string, version: string) => void;
  /** For what is only warned about and then ignored; true where it may go on. */
  readonly allows: (what: string, version: string) => boolean;
  readonly callbacks: Callbacks;
}

/** Answers that carry the id of their request. */
export interface Callbacks {
  add(callback: (data: Readonly<Record<string, unknown>>) => void): string;
  answer(data: Readonly<Record<string, unknown>>): void;
}

export function createCore(parts: Pick<Core, 'launch' | 'bridge' | 'events'>): Core {
  const { version } = parts.launch;
  const atLeast = (asked: string): boolean => compareVersions(version, asked) >= 0;
  return {
    ...parts,
    atLeast,
    need(method, since) {
      if (!atLeast(since)) {
        fail('WebAppMethodUnsupported', `Method ${method} is not supported in version ${version}`);
      }
    },
    allows(what, since) {
      if (atLeast(since)) return true;
      console.warn(`[Telegram.WebApp] ${what} is not supported in version ${version}`);
      return false;
    },
    callbacks: createCallbacks(),
  };
}

/** Says why on the console and throws the name that the documented surface throws. */
export function fail(name: string, why: string): never {
  console.error(`[Telegram.WebApp] ${why}`);
  throw new Error(name);
}

function createCallbacks(): Callbacks {
  const waiting = new Map<string, (data: Readonly<Record<string, unknown>>) => void>();
  let count = 0;
  return {
    add(callback) {
      count += 1;
      const id = `${count.toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
      waiting.set(id, callback);
      return id;
    },
    answer(data) {
      const id = wordsOf(data['req_id']);
      const callback = waiting.get(id);
      waiting.delete(id);
      callback?.(data);
    },
  };
}

/** Below zero where the first is older: 6.10 is newer than 6.9. */
function compareVersions(one: string, other: string): number {
  const left = one.split('.').map(Number);
  const right = other.split('.').map(Number);
  for (let part = 0; part < Math.max(left.length, right.length); part += 1) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
