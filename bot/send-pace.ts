import { chatEveryMs, type SendLimits } from './send-limits.ts';

/** When the next message may leave, in all and per chat. */
export interface Pace {
  /** How long nothing may leave, whatever chat it is for. */
  waitMs(now: number): number;
  chatWaitMs(chatId: number, now: number, weight?: Weight): number;
  /** A call leaves now. */
  take(chatId: number, now: number, weight?: Weight): void;
  /** The call that was to leave has not: its turn is given back. */
  giveBack(chatId: number, weight: Weight): void;
  /** Telegram took something, so the last 429 was its chat's alone. */
  heard(chatId: number): void;
  /** Telegram answered 429; answers whose limit that is taken for. */
  refused(chatId: number, pause: Pause): 'chat' | 'all';
  /** Nothing leaves to a chat for so long. */
  pauseChat(chatId: number, pause: Pause): void;
  /** Nothing leaves for so long. */
  pause(pause: Pause): void;
}

/** How many messages a call counts as in its chat: 0 for one that writes nothing. */
export type Weight = 0 | 1;

export interface Pause {
  readonly now: number;
  readonly forMs: number;
}

interface ChatPace {
  /** Messages that may leave at once, as of `at`. */
  tokens: number;
  at: number;
  pausedUntil: number;
}

/** The answer does not say whose limit it was: when so many chats in a row are refused, it is everybody's. */
const refusedInARowMax = 3;
/** How many chats are remembered before those that have long been quiet are forgotten. */
const chatsKept = 10_000;

/** A sliding window over all and a small bucket per chat. */
export function createPace(limits: SendLimits): Pace {
  const sentAt: number[] = [];
  const chats = new Map<number, ChatPace>();
  const refusedInARow = new Set<number>();
  let pausedUntil = 0;

  function everyMs(chatId: number): number {
    return chatEveryMs(limits, chatId);
  }

  function paceOf(chatId: number, now: number): ChatPace {
    const pace = chats.get(chatId) ?? { tokens: limits.chatBurst, at: now, pausedUntil: 0 };
    const every = everyMs(chatId);
    const grown = every === 0 ? limits.chatBurst : (now - pace.at) / every;
    pace.tokens = Math.min(limits.chatBurst, pace.tokens + grown);
    pace.at = now;
    chats.set(chatId, pace);
    return pace;
  }

  function forgetQuiet(now: number): void {
    if (chats.size <= chatsKept) return;
    for (const [chatId, pace] of chats) {
      if (pace.pausedUntil <= now && now - pace.at > limits.chatBurst * everyMs(chatId)) chats.delete(chatId);
    }
  }

  function pause({ now, forMs }: Pause): void {
    pausedUntil = Math.max(pausedUntil, now + forMs);
  }

  function pauseChat(chatId: number, { now, forMs }: Pause): void {
    const chat = paceOf(chatId, now);
    chat.pausedUntil = Math.max(chat.pausedUntil, now + forMs);
  }

  return {
    pauseChat,
    waitMs(now) {
      if (pausedUntil > now) return pausedUntil - now;
      while (sentAt.length > 0 && now - (sentAt[0] ?? 0) >= limits.windowMs) sentAt.shift();
      return sentAt.length < limits.atOnceMax ? 0 : limits.windowMs - (now - (sentAt[0] ?? 0));
    },
    chatWaitMs(chatId, now, weight = 1) {
      const pace = paceOf(chatId, now);
      const tokenMs = pace.tokens >= weight ? 0 : (1 - pace.tokens) * everyMs(chatId);
      return Math.max(tokenMs, pace.pausedUntil - now, 0);
    },
    take(chatId, now, weight = 1) {
      paceOf(chatId, now).tokens -= weight;
      if (Number.isFinite(limits.atOnceMax)) sentAt.push(now);
      forgetQuiet(now);
    },
    giveBack(chatId, weight) {
      const chat = chats.get(chatId);
      if (chat !== undefined) chat.tokens += weight;
      sentAt.pop();
    },
    heard() {
      refusedInARow.clear();
    },
    refused(chatId, { now, forMs }) {
      pauseChat(chatId, { now, forMs });
      refusedInARow.add(chatId);
      if (refusedInARow.size < refusedInARowMax) return 'chat';
      pause({ now, forMs });
      return 'all';
    },
    pause,
  };
}
