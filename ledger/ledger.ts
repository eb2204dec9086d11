import { sql } from 'slonik';
import { z } from 'zod';
import type { Cause } from '../core/flows/flow.ts';
import type { Money } from '../core/money.ts';
import { legsJson } from '../core/pricing/legs-json.ts';
import type { SystemLeg } from '../core/pricing/topup-legs.ts';
import { askAgain } from '../db/errors.ts';
import type { CommonQueryMethods } from '../db/pool.ts';
import { type Answer, answers } from './answers.ts';

export type Bucket = 'free' | 'plan' | 'promo' | 'paid';

/** Every request is named: the same key and request is answered as the first time, with `replayed: true`. */
interface Keyed {
  readonly key: string;
  readonly cause: Cause;
}

export interface ReserveRequest extends Keyed {
  readonly owner: string;
  readonly amount: Money;
  /** How long the hold lives, from the database's clock. */
  readonly ttlMs: number;
}

export interface CaptureRequest extends Keyed {
  readonly holdKey: string;
  readonly amountMinor: bigint;
  readonly eventAt?: string;
}

export interface CreditRequest extends Keyed {
  readonly owner: string;
  readonly amount: Money;
  readonly bucket: Bucket;
  readonly expiresAt?: string;
  /** The system account that gives, `issued:<asset>` or `promo_expense`. */
  readonly source: string;
  readonly legs?: readonly SystemLeg[];
  readonly eventAt?: string;
}

export interface TransferRequest extends Keyed {
  readonly from: string;
  readonly to: string;
  readonly amount: Money;
  readonly eventAt?: string;
}

/** The eight verbs. Each is one SQL function, one transaction, one round trip; see `ledger/sql/`. */
export interface Ledger {
  reserve(request: ReserveRequest): Promise<Answer<'reserve'>>;
  extend(request: { key: string; holdKey: string; ttlMs: number }): Promise<Answer<'extend'>>;
  capture(request: CaptureRequest): Promise<Answer<'capture'>>;
  release(request: Keyed & { holdKey: string }): Promise<Answer<'release'>>;
  credit(request: CreditRequest): Promise<Answer<'credit'>>;
  transfer(request: TransferRequest): Promise<Answer<'transfer'>>;
  reverse(request: Keyed & { transferId: bigint; eventAt?: string }): Promise<Answer<'reverse'>>;
  expire(request: Keyed & { holdKey: string }): Promise<Answer<'expire'>>;
}

const row = {
  reserve: z.object({ answer: answers.reserve }),
  extend: z.object({ answer: answers.extend }),
  capture: z.object({ answer: answers.capture }),
  release: z.object({ answer: answers.release }),
  credit: z.object({ answer: answers.credit }),
  transfer: z.object({ answer: answers.transfer }),
  reverse: z.object({ answer: answers.reverse }),
  expire: z.object({ answer: answers.expire }),
};

/**
 * The ledger over a pool (or, in a transaction of the caller's, over its connection). Amounts are minor units; a key
 * that was used for another request is answered `key_conflict`. It throws only when the database fails.
 */
export function createLedger(db: CommonQueryMethods): Ledger {
  return {
    reserve: ({ key, owner, amount, ttlMs, cause }) =>
      askAgain(() =>
        db.oneFirst(sql.prepared('ledger_reserve', row.reserve)`SELECT ledger.reserve(${key}, ${owner}::uuid,
          ${amount.asset}, ${amount.minor}, make_interval(secs => ${ttlMs / 1000}), ${json(cause)}::jsonb) AS answer`),
      ),
    extend: ({ key, holdKey, ttlMs }) =>
      askAgain(() =>
        db.oneFirst(sql.prepared('ledger_extend', row.extend)`SELECT ledger.extend(${key}, ${holdKey},
          make_interval(secs => ${ttlMs / 1000})) AS answer`),
      ),
    capture: ({ key, holdKey, amountMinor, cause, eventAt }) =>
      askAgain(() =>
        db.oneFirst(sql.prepared(
          'ledger_capture',
          row.capture,
        )`SELECT ledger.capture(${key}, ${holdKey}, ${amountMinor},
          ${json(cause)}::jsonb, ${eventAt ?? null}::timestamptz) AS answer`),
      ),
    release: ({ key, holdKey, cause }) =>
      askAgain(() =>
        db.oneFirst(sql.prepared('ledger_release', row.release)`SELECT ledger.release(${key}, ${holdKey},
          ${json(cause)}::jsonb) AS answer`),
      ),
    credit: (request) => askAgain(() => db.oneFirst(creditQuery(request))),
    transfer: ({ key, from, to, amount, cause, eventAt }) =>
      askAgain(() =>
        db.oneFirst(sql.prepared('ledger_transfer', row.transfer)`SELECT ledger.transfer(${key}, ${from}::uuid,
          ${to}::uuid, ${amount.asset}, ${amount.minor}, ${json(cause)}::jsonb,
          ${eventAt ?? null}::timestamptz) AS answer`),
      ),
    reverse: ({ key, transferId, cause, eventAt }) =>
      askAgain(() =>
        db.oneFirst(sql.prepared('ledger_reverse', row.reverse)`SELECT ledger.reverse(${key}, ${transferId},
          ${json(cause)}::jsonb, ${eventAt ?? null}::timestamptz) AS answer`),
      ),
    expire: ({ key, holdKey, cause }) =>
      askAgain(() =>
        db.oneFirst(sql.prepared('ledger_expire', row.expire)`SELECT ledger.expire(${key}, ${holdKey},
          ${json(cause)}::jsonb) AS answer`),
      ),
  };
}

function creditQuery({ key, owner, amount, bucket, expiresAt, source, legs, cause, eventAt }: CreditRequest) {
  return sql.prepared('ledger_credit', row.credit)`SELECT ledger.credit(${key}, ${owner}::uuid, ${amount.asset},
    ${amount.minor}, ${bucket}, ${expiresAt ?? null}::timestamptz, ${source}, ${legsJson(legs)}::jsonb,
    ${json(cause)}::jsonb, ${eventAt ?? null}::timestamptz) AS answer`;
}

function json(cause: Cause): string {
  return JSON.stringify(cause);
}
