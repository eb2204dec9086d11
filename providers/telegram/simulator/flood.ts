import { tooManyRequests } from './errors.ts';
import type { Settings } from './model.ts';

interface Window {
  /** When the last minute's messages were sent. */
  sentAtMs: number[];
}

const perSecondMax = 30;
const keptMs = 60_000;
/** One a second to a chat; a few at once pass. */
const perChatBurst = 3;
const perChatWindowMs = 3_000;
const perGroup = { count: 20, withinMs: 60_000 };

/** The limits of sending, as far as they are switched on. */
export function createFloodGuard(settings: Settings, nowMs: () => number) {
  const all: Window = { sentAtMs: [] };
  const chats = new Map<number, Window>();

  function waitMs(window: Window, limit: { count: number; withinMs: number }): number {
    const now = nowMs();
    const recent = window.sentAtMs.filter((atMs) => atMs > now - limit.withinMs);
    if (recent.length < limit.count) return 0;
    return (recent.at(-limit.count) ?? now) + limit.withinMs - now;
  }

  return {
    /** Counts one message to a chat; throws 429 with the seconds to wait when it is one too many. */
    countSending(chatId: number): void {
      if (!settings.floodLimits) return;
      const chat = chats.get(chatId) ?? { sentAtMs: [] };
      chats.set(chatId, chat);
      const wait = Math.max(
        waitMs(all, { count: perSecondMax, withinMs: 1_000 }),
        waitMs(chat, { count: perChatBurst, withinMs: perChatWindowMs }),
        // A group's id is negative.
        chatId < 0 ? waitMs(chat, perGroup) : 0,
      );
      if (wait > 0) throw tooManyRequests(Math.max(1, Math.ceil(wait / 1_000)));
      for (const window of [all, chat]) {
        window.sentAtMs = [...window.sentAtMs.filter((atMs) => atMs > nowMs() - keptMs), nowMs()];
      }
    },
  };
}
