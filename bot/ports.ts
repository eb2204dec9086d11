import type { Update } from '@grammyjs/types';
import type { Outcome } from '../core/result.ts';
import type { MethodName, MethodPayload, MethodResult } from '../providers/telegram/methods.ts';

/**
 * How urgent an outgoing call is: an answer to what a person has just done, news of their order, or one of many.
 */
export type SendPriority = 'reply' | 'notice' | 'bulk';

/** The one way out to chats: every call to the Bot API that a chat sees waits its turn here. */
export interface Sender {
  /**
   * Calls a method when its turn comes (30 a second in all, one a second per chat, replies first, `retry_after` kept
   * exactly). `not_sent` only when the process is ending; `unknown` is never repeated here.
   */
  call<M extends MethodName>(
    method: M,
    payload: MethodPayload<M>,
    way: { readonly chatId: number | undefined; readonly priority: SendPriority },
  ): Promise<Outcome<MethodResult<M>>>;
}

/** What becomes of one update. Throwing keeps the update, to be tried again and set aside at last. */
export interface UpdateHandler {
  handle(update: Update): Promise<void>;
}
