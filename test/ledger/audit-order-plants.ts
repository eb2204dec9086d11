import type { Plant } from './audit-plants.ts';

const silently = (table: string, statement: string) => [
  `ALTER TABLE app.${table} DISABLE TRIGGER USER`,
  statement,
  `ALTER TABLE app.${table} ENABLE TRIGGER USER`,
];
const generation = /^order generation\/[0-9a-f-]{36}$/;
const starPurchase = /^order star-purchase\/[0-9a-f-]{36}$/;
const topup = /^order topup\/[0-9a-f-]{36}$/;

export const orderPlants: readonly Plant[] = [
  {
    what: 'an order is failed by hand while its hold stays open',
    statements: silently('generation', "UPDATE app.generation SET status = 'failed' WHERE status = 'submitted'"),
    check: 'hold_of_live_order',
    subject: /^hold generation\//,
  },
  {
    what: 'an order under way has lost its hold',
    statements: ["UPDATE ledger.hold SET status = 'released', resolved_at = now() WHERE status = 'open'"],
    check: 'live_order_holds',
    subject: generation,
  },
  {
    what: 'an order is marked succeeded without a charge',
    statements: silently('generation', "UPDATE app.generation SET status = 'succeeded' WHERE status = 'submitted'"),
    check: 'captured_for_one_result',
    subject: generation,
  },
  {
    what: 'a charged order has no result',
    statements: ['DELETE FROM app.generation_result'],
    check: 'captured_for_one_result',
    subject: generation,
  },
  {
    what: 'two attempts of one order were accepted',
    statements: [
      `INSERT INTO app.generation_attempt (id, generation_id, number, token, state)
       SELECT gen_random_uuid(), generation_id, 2, 'other', 'accepted'
       FROM app.generation_attempt WHERE state = 'accepted'`,
    ],
    check: 'captured_for_one_result',
    subject: generation,
  },
  {
    what: 'a payment is credited twice under two keys',
    statements: [
      `SELECT ledger.credit('credit/by-hand', gen_random_uuid(), 'CREDIT', 5, 'paid', NULL, 'issued:CREDIT', NULL,
                     cause)
       FROM ledger.transfer WHERE kind = 'credit'`,
    ],
    check: 'payment_credited_once',
    subject: /^payment yookassa\/pay-1$/,
  },
  {
    what: 'a top-up is marked credited that nobody paid',
    statements: silently('topup', "UPDATE app.topup SET credited_payment_id = 'pay-2' WHERE status = 'credited'"),
    check: 'topup_credited',
    subject: topup,
  },
  {
    what: 'a credit belongs to no top-up',
    statements: silently('topup', "UPDATE app.topup SET credited_payment_id = NULL, status = 'canceled'"),
    check: 'topup_credited',
    subject: /^transfer \d+$/,
  },
  {
    what: 'a charge lies there and nobody knows of it',
    statements: [
      "UPDATE app.telegram_payment SET recorded_at = now() - interval '1 hour'",
      "DELETE FROM app.attention WHERE kind = 'unclaimed_payment'",
    ],
    check: 'charge_accounted',
    subject: /^charge stx-kept$/,
  },
  {
    what: 'money goes back while its credit stands',
    statements: [
      `UPDATE app.topup SET provider = 'stars', payment_id = id::text, credited_payment_id = id::text`,
      `UPDATE app.telegram_payment p SET role = 'payment', topup_id = t.id FROM app.topup t
       WHERE charge_id = 'stx-returned'`,
      `SELECT ledger.credit('credit/stars/' || id, user_id, grants_asset, grants_minor, 'paid', NULL, 'issued:CREDIT',
                            NULL, '{"workflowId": "test", "step": "credit", "actor": "system"}')
       FROM app.topup`,
      `UPDATE app.refund SET status = 'returning'`,
    ],
    check: 'refund_taken_back',
    subject: /^refund [0-9a-f-]{36}$/,
  },
  {
    what: 'a refund stands still',
    statements: ["UPDATE app.refund SET updated_at = now() - interval '1 hour'"],
    check: 'half_done',
    subject: /^order refund\/[0-9a-f-]{36}$/,
  },
  {
    what: 'an order stands still past its deadline',
    statements: ["UPDATE app.generation SET updated_at = now() - interval '3 hours' WHERE status = 'submitted'"],
    check: 'half_done',
    subject: generation,
  },
  {
    what: 'a fact lies in the inbox and nobody delivers it',
    statements: [
      `INSERT INTO app.inbox (source, dedupe_key, stream_key, fact, body, next_attempt_at)
       VALUES ('yookassa', 'k', 'yookassa/p', '{}', '{}', now() - interval '1 hour')`,
    ],
    check: 'half_done',
    subject: /^inbox \d+$/,
  },
  {
    what: 'a purchase of Stars under way has lost its hold',
    statements: [
      "UPDATE ledger.hold SET status = 'released', resolved_at = now() WHERE asset = 'TON' AND status = 'open'",
    ],
    check: 'star_hold_of_live_order',
    subject: starPurchase,
  },
  {
    what: 'a purchase of Stars is marked delivered without a charge',
    statements: silently(
      'star_purchase',
      "UPDATE app.star_purchase SET status = 'delivered', ended_at = now() WHERE status = 'signed'",
    ),
    check: 'star_charged_for_delivery',
    subject: starPurchase,
  },
  {
    what: 'a purchase that was paid is given back without anybody having decided it',
    statements: silently(
      'star_purchase',
      "UPDATE app.star_purchase SET status = 'failed', ended_at = now() WHERE status = 'delivered'",
    ),
    check: 'star_charged_for_delivery',
    subject: starPurchase,
  },
  {
    what: 'a payment is called paid while its message is undecided',
    statements: ["UPDATE app.star_payment SET state = 'paid' WHERE state = 'signed'"],
    check: 'star_payment_of_message',
    subject: /^payment \d+ of star-purchase\/[0-9a-f-]{36}$/,
  },
  {
    what: 'a message of the wallet is forgotten',
    statements: ["UPDATE app.wallet_message SET signed_at = now() - interval '2 hours' WHERE state = 'signed'"],
    check: 'wallet_message_decided',
    subject: /^message \d+ of wallet 0:/,
  },
];
