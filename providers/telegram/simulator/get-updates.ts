import type { Clock } from '../../simulator-jobs.ts';
import type { BotSelf } from './bot-self.ts';
import { badRequest, conflict } from './errors.ts';
import type { Call, Methods } from './method.ts';
import type { StoredUpdate } from './model.ts';
import type { Parameters } from './parameters.ts';
import type { Updates } from './updates.ts';

export interface Polling {
  readonly methods: Methods;
  /** Ends the poll that is open, with the words of who comes instead. */
  end(by: string): void;
  /** Whether a poll waits for updates. */
  isOpen(): boolean;
  close(): void;
}

const limitMax = 100;
const timeoutSecondsMax = 50;
const answerBytesMax = 4 * 1024 * 1024;
/** A 409 that comes so soon after another is held back as long, so that two bots do not hammer the server. */
const conflictPauseMs = 3_000;

interface OpenPoll {
  wake(): void;
  /** Ends with what the poll becomes; nothing is an empty answer. */
  end(instead: Promise<never> | undefined): void;
}

/**
 * `getUpdates` as Telegram's server does it: an offset confirms what is before it, and of two polls the older ends with
 * 409.
 */
export function createPolling(updates: Updates, self: BotSelf, clock: Clock): Polling {
  let open: OpenPoll | undefined;
  let previous = { offset: 0, startedAtMs: -Infinity };
  const conflicts = createConflicts(clock);
  updates.onAdded(() => open?.wake());

  function end(by: string): void {
    open?.end(conflicts.refuse(`terminated by ${by}`));
  }

  /** The updates from an offset on; all before it are confirmed. */
  function take(offset: number, limit: number): StoredUpdate[] {
    const pending = updates.pending();
    const from =
      offset < 0 ? (pending.at(offset)?.update.update_id ?? pending[0]?.update.update_id ?? 0) : Math.max(offset, 0);
    updates.confirm(pending.map(({ update }) => update.update_id).filter((id) => id < from));
    const rest = pending.filter(({ update }) => update.update_id >= from).slice(0, limit);
    let bytes = 0;
    return rest.filter(({ update }, index) => {
      bytes += JSON.stringify(update).length;
      return index === 0 || bytes <= answerBytesMax;
    });
  }

  function wait(asked: { offset: number; limit: number; seconds: number }, gone: AbortSignal): Promise<unknown> {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const answer = () => resolve(take(asked.offset, asked.limit).map(({ update }) => update));
    const timer = setTimeout(answer, asked.seconds * 1_000);
    const poll: OpenPoll = { wake: answer, end: (instead) => resolve(instead ?? []) };
    open = poll;
    const hungUp = () => resolve([]);
    gone.addEventListener('abort', hungUp, { once: true });
    return promise.finally(() => {
      clearTimeout(timer);
      gone.removeEventListener('abort', hungUp);
      if (open === poll) open = undefined;
    });
  }

  function getUpdates({ parameters, gone }: Call): unknown {
    if (self.state().webhook) {
      return conflicts.refuse(
        "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    }
    const offset = parameters.integer('offset') ?? 0;
    const asked = readAsked(parameters, offset);
    updates.allow(readAllowed(parameters));
    end('other getUpdates request; make sure that only one bot instance is running');
    const sinceMs = clock.nowMs() - previous.startedAtMs;
    const again = offset === previous.offset;
    previous = { offset, startedAtMs: clock.nowMs() };
    const limit = again && sinceMs < 500 ? 1 : asked.limit;
    const seconds = again && sinceMs < 3_000 && asked.seconds < 3 ? 3 : asked.seconds;
    const found = take(offset, limit);
    if (found.length > 0 || seconds === 0) return found.map(({ update }) => update);
    return wait({ offset: Math.max(offset, 0), limit: asked.limit, seconds }, gone);
  }

  function stop(): void {
    open?.end(undefined);
    conflicts.close();
  }

  return { methods: { getUpdates }, end, isOpen: () => open !== undefined, close: stop };
}

/** The refusals with 409: the first at once, one within three seconds of it three seconds later. */
function createConflicts(clock: Clock) {
  let nextAtMs = -Infinity;
  const held = new Map<NodeJS.Timeout, () => void>();
  return {
    refuse(words: string): Promise<never> {
      const error = conflict(words);
      if (clock.nowMs() >= nextAtMs) {
        nextAtMs = clock.nowMs() + conflictPauseMs;
        return Promise.reject(error);
      }
      const { promise, reject } = Promise.withResolvers<never>();
      const letGo = () => {
        held.delete(timer);
        reject(error);
      };
      const timer = setTimeout(letGo, conflictPauseMs);
      held.set(timer, letGo);
      return promise;
    },
    close() {
      for (const [timer, letGo] of held) {
        clearTimeout(timer);
        letGo();
      }
    },
  };
}

function readAsked(parameters: Parameters, offset: number) {
  const limit = parameters.integer('limit') ?? limitMax;
  const seconds = parameters.integer('timeout') ?? 0;
  return {
    offset,
    limit: limit >= 1 && limit <= limitMax ? limit : limitMax,
    seconds: Math.min(Math.max(seconds, 0), timeoutSecondsMax),
  };
}

/** The list of kinds that a call gives; kinds that are not there are passed over. */
export function readAllowed(parameters: Parameters): string[] | undefined {
  const given = parameters.json('allowed_updates');
  if (given === undefined) return undefined;
  if (!Array.isArray(given)) throw badRequest("can't parse allowed_updates: Expected an Array");
  return given.filter((kind): kind is string => typeof kind === 'string').map((kind) => kind.toLowerCase());
}
