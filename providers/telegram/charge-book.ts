import type { KnownCharge, TelegramCharge } from '../../core/telegram-charge.ts';

/**
 * Our own book of charges. Telegram tells of a payment once, in an update, and answers no question about a single one:
 * what it has told is the provider's memory, and a client only completes it.
 */
export interface ChargeBook {
  /** The charge that pays for a top-up, by the payload of its invoice. */
  ofPayload(provider: string, payload: string): Promise<KnownCharge | null>;
  get(chargeId: string): Promise<KnownCharge | null>;
  /** Of these charges, those that are not in the book. */
  unknownOf(chargeIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Of these charges, those in the book that no refund is known of. */
  unreturnedOf(chargeIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Enters a charge that no update told us of, with the fact for its saga. */
  recordFound(charge: TelegramCharge): Promise<unknown>;
  /** Enters that a charge has gone back without us. */
  recordReturned(chargeId: string): Promise<unknown>;
}
