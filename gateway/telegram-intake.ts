import type { BotUpdates } from '../db/bot-updates.ts';
import type { TelegramPayments } from '../db/telegram-payments.ts';
import { isUnavailable } from '../db/unavailable.ts';
import type { Logger } from '../platform/logger.ts';
import type { PreCheckout } from './pre-checkout.ts';

/** An update as the edge has read it. */
export interface TelegramUpdate {
  readonly updateId: number;
  readonly kind: string;
  readonly streamKey: string;
  readonly update: Readonly<Record<string, unknown>>;
  /** The text that it came as, which is what is kept; absent where it came among others. */
  readonly text?: string;
}

/** The answer to a pre-checkout query, as the Bot API takes it. */
export interface PreCheckoutAnswer {
  readonly pre_checkout_query_id: string;
  readonly ok: boolean;
  readonly error_message?: string;
}

export type Taken =
  /** `factStreamKey`: the stream of the inbox in which a payment waits for delivery, when the update told of one. */
  | { readonly kind: 'stored' | 'duplicate'; readonly factStreamKey?: string }
  | { readonly kind: 'answer'; readonly method: 'answerPreCheckoutQuery'; readonly payload: PreCheckoutAnswer };

export interface TelegramIntake {
  /**
   * Takes an update in: afterwards it is stored and may be confirmed to Telegram, or there is an answer that must go
   * out now. Throws when it could not be stored; it must then not be confirmed.
   */
  take(update: TelegramUpdate): Promise<Taken>;
}

export interface TelegramIntakeDeps {
  readonly botUpdates: Pick<BotUpdates, 'store'>;
  readonly preCheckout: PreCheckout;
  /** Records what an update says about money, before the update itself counts as stored. */
  readonly payments: Pick<TelegramPayments, 'record'>;
  readonly logger: Logger;
}

/** The one door for updates, whichever way they come: webhook or poll. */
export function createTelegramIntake(deps: TelegramIntakeDeps): TelegramIntake {
  return {
    async take({ updateId, kind, streamKey, update, text }) {
      if (kind === 'pre_checkout_query') return answerPreCheckout(deps, update['pre_checkout_query']);
      const factStreamKey = await recordPayment(deps, updateId, update);
      const body = text ?? JSON.stringify(update);
      const stored = await deps.botUpdates.store({ updateId, kind, streamKey, body });
      return { kind: stored, ...(factStreamKey === undefined ? {} : { factStreamKey }) };
    },
  };
}

/**
 * A payment that the database will not take must not stop all updates behind it: the update is stored with it, and who
 * handles it asks again until it is set aside for a person.
 */
async function recordPayment(deps: TelegramIntakeDeps, updateId: number, update: unknown): Promise<string | undefined> {
  try {
    const recorded = await deps.payments.record(update);
    if (recorded === undefined) return undefined;
    deps.logger.info({ updateId, role: recorded.role }, 'an update speaks of a payment');
    return recorded.streamKey;
  } catch (error) {
    if (isUnavailable(error)) throw error;
    deps.logger.error({ err: error, updateId }, 'a payment could not be recorded; it is tried again');
    return undefined;
  }
}

/** Outside of streams and storage: Telegram waits 10 s for it, and an answer that comes later is worth nothing. */
async function answerPreCheckout({ preCheckout }: TelegramIntakeDeps, query: unknown): Promise<Taken> {
  const verdict = await preCheckout.answer(query);
  const payload = {
    pre_checkout_query_id: idOf(query),
    ok: verdict.ok,
    ...(verdict.ok ? {} : { error_message: verdict.errorMessage }),
  };
  return { kind: 'answer', method: 'answerPreCheckoutQuery', payload };
}

function idOf(query: unknown): string {
  const id = typeof query === 'object' && query !== null && 'id' in query ? query.id : undefined;
  return typeof id === 'string' ? id : '';
}
