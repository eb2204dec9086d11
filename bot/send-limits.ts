import { limits } from '../core/limits.ts';

/** How fast messages may leave; `undefined` where a bench wants to see us and not Telegram's limits. */
export interface SendLimits {
  /** Over all chats, in any window of `windowMs`. */
  readonly atOnceMax: number;
  readonly windowMs: number;
  /** Per chat: so many at once, and one more each `chatEveryMs`. */
  readonly chatBurst: number;
  readonly chatEveryMs: number;
  /** Groups take twenty a minute. */
  readonly groupEveryMs: number;
}

/** What Telegram asks of a bot: about 30 messages a second in all, one a second in a chat, 20 a minute in a group. */
export const telegramLimits: SendLimits = {
  atOnceMax: limits.messagesPerSecondMax,
  windowMs: limits.messagesWindowMs,
  chatBurst: limits.chatBurstMax,
  chatEveryMs: 1_000,
  groupEveryMs: 3_000,
};

/** Between messages to a chat: groups have negative ids. */
export function chatEveryMs({ chatEveryMs: own, groupEveryMs }: SendLimits, chatId: number): number {
  return chatId < 0 ? groupEveryMs : own;
}

export const noLimits: SendLimits = {
  atOnceMax: Number.POSITIVE_INFINITY,
  windowMs: 1,
  chatBurst: Number.POSITIVE_INFINITY,
  chatEveryMs: 0,
  groupEveryMs: 0,
};
