import { sql } from 'slonik';
import { z } from 'zod';
import type { Asset } from '../core/assets.ts';
import type { TopupStatus } from '../core/flows/topup.ts';
import { isUuid } from '../core/ids.ts';
import { type KnownCharge, providerOfCurrency, type TelegramCharge } from '../core/telegram-charge.ts';
import { storable } from '../core/text.ts';
import type { CommonQueryMethods } from './pool.ts';
import { readPaymentNews } from './telegram-payment-updates.ts';

/** What a charge turned out to be: its top-up's payment, one too many, or nobody's. */
export type ChargeRole = 'payment' | 'surplus' | 'unclaimed';

/** What an update has told of money. `streamKey`: the stream of the inbox in which its fact waits for delivery. */
export interface RecordedPayment {
  readonly role: ChargeRole | 'returned' | 'unreadable';
  readonly streamKey?: string;
}

/** All that decides whether an invoice may be paid now. */
export interface Checkout {
  readonly status: TopupStatus;
  readonly provider: string;
  readonly priceMinor: bigint;
  readonly priceAsset: Asset;
  /** Whose top-up it is. */
  readonly telegramId: bigint;
  readonly language: string;
  readonly isBanned: boolean;
  /** A charge for it is known already. */
  readonly isPaid: boolean;
}

const roleRow = z.object({ role: z.enum(['payment', 'surplus', 'unclaimed']) });
const nothing = z.object({});
const chargeRow = z.object({
  chargeId: z.string(),
  payload: z.string(),
  telegramId: z.bigint(),
  currency: z.string(),
  amountMinor: z.bigint(),
  providerChargeId: z.string().nullable(),
  paidAt: z.string(),
  isReturned: z.boolean(),
});
const idRow = z.object({ chargeId: z.string() });
const checkoutRow = z.object({
  status: z.string(),
  provider: z.string(),
  priceMinor: z.bigint(),
  priceAsset: z.string(),
  telegramId: z.bigint(),
  language: z.string(),
  isBanned: z.boolean(),
  isPaid: z.boolean(),
}) as unknown as z.ZodType<Checkout>;

const columns = sql.fragment`p.charge_id AS "chargeId", p.payload, p.telegram_id AS "telegramId", p.currency,
  p.amount_minor AS "amountMinor", p.provider_charge_id AS "providerChargeId", p.paid_at AS "paidAt",
  EXISTS (SELECT 1 FROM app.refund r WHERE r.charge_id = p.charge_id AND r.status IN ('returning', 'refunded'))
    AS "isReturned"`;

export type TelegramPayments = ReturnType<typeof createTelegramPayments>;

/**
 * Charges inside Telegram. Each is recorded by its own id before anything else happens, with the fact for its saga in
 * the same transaction (`db/flows/telegram-payment.sql`).
 */
export function createTelegramPayments(db: CommonQueryMethods) {
  const takeCall = (charge: TelegramCharge, foundBy: 'update' | 'sweep', body: string) =>
    sql.fragment`app.telegram_payment_take(
      ${charge.chargeId}, ${providerOfCurrency(charge.currency)}, ${charge.payload}, ${charge.telegramId},
      ${charge.currency}, ${charge.amountMinor}, ${charge.providerChargeId ?? null}, ${charge.paidAt}::timestamptz,
      ${foundBy}, ${body})`;

  async function take(charge: TelegramCharge, foundBy: 'update' | 'sweep', body: string): Promise<ChargeRole> {
    return db.oneFirst(
      sql.prepared('telegram_payment_take', roleRow)`SELECT ${takeCall(charge, foundBy, body)} AS role`,
    );
  }

  /** In one transaction: a charge that is known and not known to be back would be credited. */
  async function takeReturned(charge: TelegramCharge, body: string): Promise<void> {
    await db.query(sql.prepared('telegram_payment_take_returned', nothing)`
      SELECT app.telegram_payment_returned(${charge.chargeId})
      FROM (SELECT ${takeCall(charge, 'update', body)} AS role OFFSET 0) taken WHERE role IS NOT NULL`);
  }

  async function recordReturned(chargeId: string): Promise<void> {
    await db.query(sql.prepared('telegram_payment_returned', nothing)`
      SELECT app.telegram_payment_returned(${chargeId})`);
  }

  return {
    /**
     * Records what an update says about money: a charge, or that one has gone back. Undefined for an update that speaks
     * of none. Safe to repeat. It must be done before the update is confirmed to Telegram.
     */
    async record(update: unknown): Promise<RecordedPayment | undefined> {
      const news = readPaymentNews(update);
      if (news === undefined) return undefined;
      const body = JSON.stringify(update);
      if (news.kind === 'unreadable') {
        await db.query(sql.prepared('telegram_payment_unreadable', nothing)`SELECT app.open_case(
          ${`unreadable-payment/${news.updateId}`}, 'unreadable_payment', NULL, NULL, ${evidenceOf(update)}::jsonb)`);
        return { role: 'unreadable' };
      }
      if (news.kind === 'returned') {
        await takeReturned(news.charge, body);
        return { role: 'returned' };
      }
      const role = await take(news.charge, 'update', body);
      return role === 'payment' ? { role, streamKey: streamOf(news.charge) } : { role };
    },

    /** Records a charge that no update told us of. */
    recordFound(charge: TelegramCharge): Promise<ChargeRole> {
      return take(charge, 'sweep', JSON.stringify({ foundBy: 'sweep', chargeId: charge.chargeId }));
    },

    /** The charge that pays for a top-up, by the payload of its invoice. */
    async ofPayload(provider: string, payload: string): Promise<KnownCharge | null> {
      if (!isUuid(payload)) return null;
      const found = await db.maybeOne(sql.prepared('telegram_payment_of', chargeRow)`SELECT ${columns}
        FROM app.telegram_payment p
        WHERE p.provider = ${provider} AND p.topup_id = ${payload} AND p.role = 'payment'`);
      return found && toCharge(found);
    },

    /** The charge that an operator means: by its own id, or by the top-up that it paid for. */
    async findForOperator(id: string): Promise<KnownCharge | null> {
      const topupId = isUuid(id) ? id : null;
      const found = await db.maybeOne(sql.prepared('telegram_payment_operator', chargeRow)`SELECT ${columns}
        FROM app.telegram_payment p
        WHERE p.charge_id = ${id} OR (p.topup_id = ${topupId}::uuid AND p.role = 'payment')`);
      return found && toCharge(found);
    },

    async get(chargeId: string): Promise<KnownCharge | null> {
      const found = await db.maybeOne(sql.prepared('telegram_payment_get', chargeRow)`SELECT ${columns}
        FROM app.telegram_payment p WHERE p.charge_id = ${chargeId}`);
      return found && toCharge(found);
    },

    /** Of these charges, those that we do not know. */
    async unknownOf(chargeIds: readonly string[]): Promise<ReadonlySet<string>> {
      const ids = await db.anyFirst(sql.prepared('telegram_payment_unknown', idRow)`
        SELECT asked.id AS "chargeId" FROM unnest(${sql.array([...chargeIds], 'text')}) AS asked (id)
        WHERE NOT EXISTS (SELECT 1 FROM app.telegram_payment p WHERE p.charge_id = asked.id)`);
      return new Set(ids);
    },

    /** Of these charges, those that we know and that no refund is known of. */
    async unreturnedOf(chargeIds: readonly string[]): Promise<ReadonlySet<string>> {
      const ids = await db.anyFirst(sql.prepared('telegram_payment_unreturned', idRow)`
        SELECT p.charge_id AS "chargeId" FROM app.telegram_payment p
        WHERE p.charge_id = ANY (${sql.array([...chargeIds], 'text')})
          AND NOT EXISTS (SELECT 1 FROM app.refund r WHERE r.charge_id = p.charge_id)`);
      return new Set(ids);
    },

    recordReturned,

    /** What the answer to a pre-checkout query hangs on; null when there is no such top-up. One read. */
    checkout(topupId: string): Promise<Checkout | null> {
      return db.maybeOne(sql.prepared('telegram_checkout', checkoutRow)`
        SELECT t.status, t.provider, t.price_minor AS "priceMinor", t.price_asset AS "priceAsset",
          u.telegram_id AS "telegramId", u.language, u.status = 'banned' AS "isBanned",
          EXISTS (SELECT 1 FROM app.telegram_payment p WHERE p.topup_id = t.id) AS "isPaid"
        FROM app.topup t JOIN app.users u ON u.id = t.user_id WHERE t.id = ${topupId}`);
    },
  };
}

/** As `app.telegram_payment_take` names it. */
function streamOf({ currency, payload }: TelegramCharge): string {
  return `${providerOfCurrency(currency)}/${payload}`;
}

/** An update as JSON for a column that looks inside. */
function evidenceOf(update: unknown): string {
  return JSON.stringify(update, (_, value: unknown) => (typeof value === 'string' ? storable(value) : value));
}

function toCharge({ providerChargeId, telegramId, ...rest }: z.infer<typeof chargeRow>): KnownCharge {
  return {
    ...rest,
    // Telegram's ids have 52 bits at most.
    telegramId: Number(telegramId),
    ...(providerChargeId === null ? {} : { providerChargeId }),
  };
}
