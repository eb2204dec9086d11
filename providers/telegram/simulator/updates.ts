import type { Clock } from '../../simulator-jobs.ts';
import { type BotSelf } from './bot-self.ts';
import { type Collections, nextNumber, type StoredUpdate, type UpdateKind } from './model.ts';

export interface Updates {
  /** Queues an update, unless the bot does not want its kind. */
  add(kind: UpdateKind, payload: unknown, queue: string): void;
  /** What still waits and has not expired, in order. */
  pending(): StoredUpdate[];
  confirm(updateIds: readonly number[]): void;
  /** Is called after each update that was queued. */
  onAdded(listener: () => void): void;
  /** Remembers which kinds the bot wants; an absent list changes nothing. */
  allow(kinds: readonly string[] | undefined): void;
}

const dayMs = 24 * 3_600_000;
/** How long an update waits for the bot: a day, and what asks for an answer only as long as one is taken. */
const lifeMs: Partial<Record<UpdateKind, number>> = {
  callback_query: 150_000,
  pre_checkout_query: 150_000,
  shipping_query: 150_000,
  chosen_inline_result: 600_000,
  inline_query: 30_000,
};
const notByDefault: readonly string[] = ['chat_member', 'message_reaction', 'message_reaction_count'];
const firstUpdateId = 801_000_001;

/** The queue of updates; it survives a restart, and each update waits its own time. */
export function createUpdates({ updates, counters }: Collections, self: BotSelf, clock: Clock): Updates {
  const listeners: (() => void)[] = [];
  const wanted = (kind: UpdateKind): boolean => {
    const { allowedUpdates } = self.state();
    return allowedUpdates === undefined ? !notByDefault.includes(kind) : allowedUpdates.includes(kind);
  };

  return {
    add(kind, payload, queue) {
      if (!wanted(kind)) return;
      const updateId = nextNumber(counters, 'update', firstUpdateId);
      const update = { update_id: updateId, [kind]: payload };
      // The object of this moment: later edits do not reach an update that waits.
      updates.put(String(updateId), {
        update: structuredClone(update),
        kind,
        queue,
        expiresAtMs: clock.nowMs() + (lifeMs[kind] ?? dayMs),
      });
      for (const listener of listeners) listener();
    },
    pending() {
      const nowMs = clock.nowMs();
      const living: StoredUpdate[] = [];
      for (const stored of updates.values()) {
        if (stored.expiresAtMs > nowMs) living.push(stored);
        else updates.delete(String(stored.update.update_id));
      }
      return living;
    },
    confirm(updateIds) {
      for (const id of updateIds) updates.delete(String(id));
    },
    onAdded: (listener) => void listeners.push(listener),
    allow(kinds) {
      if (kinds === undefined) return;
      self.change((state) => {
        if (kinds.length === 0) delete state.allowedUpdates;
        else state.allowedUpdates = kinds;
      });
    },
  };
}
