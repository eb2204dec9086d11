import type { Update } from '@grammyjs/types';
import type { Outcome } from '../core/result.ts';
import type { MethodName, MethodPayload, MethodResult } from '../providers/telegram/methods.ts';

/**
 * How urgent an outgoing call is: an answer to what a person has just done, news of their order, or one of many.
 */
export type SendPriority = 'reply' | 'notice' | 'bulk';

export interface SendWay {
  /** Undefined: no chat sees it, so it waits for no turn. */
  readonly chatId: number | undefined;
  readonly priority: SendPriority;
  /**
   * Asked when the turn has come, just before the call leaves; false: nothing is sent. With it, a call that Telegram
   * did not take is `not_sent` and does not wait for another turn.
   */
  readonly mayLeave?: () => Promise<boolean>;
  /** After this long without a turn it is given up; absent: it waits for as long as it takes. */
  readonly patienceMs?: number;
}

/** The one way out to chats: every call to the Bot API that a chat sees waits its turn here. */
export interface Sender {
  /**
   * Calls a method when its turn comes (30 a second in all, one a second per chat, replies first, `retry_after` kept
   * exactly). `not_sent` when the process is ending, patience is over, or the call was taken back at its turn; what
   * Telegram did not take for now is sent again by itself. `unknown` is never repeated here.
   */
  call<M extends MethodName>(method: M, payload: MethodPayload<M>, way: SendWay): Promise<Outcome<MethodResult<M>>>;
}

/** Which time it is that an update is handled. */
export interface UpdateTime {
  /** It has been begun before: what counts updates has counted it. */
  readonly isRepeat: boolean;
}

/** What becomes of one update. Throwing keeps the update, to be tried again and set aside at last. */
export interface UpdateHandler {
  handle(update: Update, turn: UpdateTime): Promise<void>;
}
