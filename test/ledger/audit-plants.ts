/** A fault planted by hand, the check that must find it, and the row that it must name. */
export interface Plant {
  readonly what: string;
  /** Run with the table's triggers off, as a superuser could. */
  readonly statements: readonly string[];
  readonly check: string;
  readonly subject: RegExp;
}

const captured = `(SELECT id FROM ledger.transfer WHERE kind = 'capture' ORDER BY id LIMIT 1)`;
const userEntry = `(SELECT min(id) FROM ledger.entry WHERE wallet_id IS NOT NULL)`;
const openHold = `(SELECT min(id) FROM ledger.hold WHERE status = 'open')`;
const capturedHold = `(SELECT min(id) FROM ledger.hold WHERE status = 'captured')`;
const off = (table: string, statement: string) => [
  `ALTER TABLE ledger.${table} DISABLE TRIGGER USER`,
  statement,
  `ALTER TABLE ledger.${table} ENABLE TRIGGER USER`,
];

export const ledgerPlants: readonly Plant[] = [
  {
    what: 'an amount is changed in an entry',
    statements: off('entry', `UPDATE ledger.entry SET amount_minor = amount_minor - 1 WHERE id = ${userEntry}`),
    check: 'transfer_balanced',
    subject: /^transfer \d+$/,
  },
  {
    what: 'both sides of a transfer are changed alike after it was sealed',
    statements: off(
      'entry',
      `UPDATE ledger.entry SET amount_minor = amount_minor + sign(amount_minor)::int WHERE transfer_id = ${captured}`,
    ),
    check: 'sealed_entries',
    subject: /^entry \d+$/,
  },
  {
    what: 'the entries of a transfer are deleted',
    statements: off('entry', `DELETE FROM ledger.entry WHERE transfer_id = ${captured}`),
    check: 'sealed_entries',
    subject: /^entry \d+$/,
  },
  {
    what: 'a balance is put up by hand',
    statements: [
      `UPDATE ledger.account SET balance_minor = balance_minor + 5 WHERE wallet_id IS NOT NULL AND balance_minor > 0`,
    ],
    check: 'stored_balance',
    subject: /^account \d+$/,
  },
  {
    what: 'a balance is put up by hand (seen from the sum of the asset)',
    statements: [
      `UPDATE ledger.account SET balance_minor = balance_minor + 5 WHERE wallet_id IS NOT NULL AND balance_minor > 0`,
    ],
    check: 'asset_sums_to_zero',
    subject: /^asset CREDIT$/,
  },
  {
    what: 'a balance after is changed in an entry',
    statements: off('entry', `UPDATE ledger.entry SET balance_after_minor = 7777 WHERE id = ${userEntry}`),
    check: 'entry_chain',
    subject: /^entry \d+$/,
  },
  {
    what: "a wallet's balance after is changed in an entry",
    statements: off('entry', `UPDATE ledger.entry SET wallet_balance_after_minor = 7777 WHERE id = ${userEntry}`),
    check: 'wallet_chain',
    subject: /^entry \d+$/,
  },
  {
    what: 'the version of an account is turned back',
    statements: [`UPDATE ledger.account SET version = version - 1 WHERE version > 1`],
    check: 'account_version',
    subject: /^account \d+$/,
  },
  {
    what: 'an account is overdrawn past its check',
    statements: [
      'ALTER TABLE ledger.account DROP CONSTRAINT account_never_overdrawn',
      'UPDATE ledger.account SET held_minor = balance_minor + 1 WHERE wallet_id IS NOT NULL',
    ],
    check: 'never_overdrawn',
    subject: /^account \d+$/,
  },
  {
    what: 'an entry is moved to an account that does not exist',
    statements: off('entry', `UPDATE ledger.entry SET account_id = 424242 WHERE id = ${userEntry}`),
    check: 'entry_account',
    subject: /^entry \d+$/,
  },
  {
    what: 'a snapshot of a system account is changed',
    statements: ['UPDATE ledger.balance_snapshot SET balance_minor = balance_minor + 1'],
    check: 'balance_snapshot',
    subject: /^balance_snapshot \d+ before \d+$/,
  },
  {
    what: 'the amount of a hold is changed',
    statements: [`UPDATE ledger.hold SET amount_minor = amount_minor + 1 WHERE id = ${openHold}`],
    check: 'hold_parts',
    subject: /^hold test\//,
  },
  {
    what: 'a part of a hold is moved to the lot of another person',
    statements: [
      `UPDATE ledger.hold_part SET account_id = (SELECT max(id) FROM ledger.account WHERE wallet_id IS NOT NULL)
       WHERE hold_id = ${openHold}`,
    ],
    check: 'hold_parts',
    subject: /^hold test\//,
  },
  {
    what: 'held money is freed by hand',
    statements: ['UPDATE ledger.account SET held_minor = 0 WHERE held_minor > 0'],
    check: 'account_held',
    subject: /^account \d+$/,
  },
  {
    what: 'a captured hold is opened again',
    statements: [
      `UPDATE ledger.hold SET status = 'open', captured_minor = 0, resolved_at = NULL WHERE id = ${capturedHold}`,
    ],
    check: 'hold_ended_once',
    subject: /^hold test\//,
  },
  {
    what: 'an open hold is marked released without a request',
    statements: [`UPDATE ledger.hold SET status = 'released', resolved_at = now() WHERE id = ${openHold}`],
    check: 'hold_ended_once',
    subject: /^hold test\//,
  },
  {
    what: 'the captured part of a hold is changed',
    statements: [`UPDATE ledger.hold_part SET captured_minor = captured_minor - 1 WHERE hold_id = ${capturedHold}`],
    check: 'hold_part_spent',
    subject: /^hold test\//,
  },
  {
    what: 'a hold is made to live for ever',
    statements: [`UPDATE ledger.hold SET expires_at = '2999-01-01' WHERE id = ${openHold}`],
    check: 'hold_as_answered',
    subject: /^hold test\//,
  },
  {
    what: 'a hold is long past its end',
    statements: [`UPDATE ledger.hold SET expires_at = now() - interval '2 hours' WHERE id = ${openHold}`],
    check: 'hold_swept',
    subject: /^hold test\//,
  },
  {
    what: 'an answer is changed to name another transfer',
    statements: off(
      'request',
      `UPDATE ledger.request SET answer = answer || '{"transferId": "1"}' WHERE verb = 'capture'`,
    ),
    check: 'request_answered',
    subject: /^request test\//,
  },
  {
    what: 'the request of a transfer is deleted',
    statements: off('request', `DELETE FROM ledger.request WHERE verb = 'capture'`),
    check: 'request_answered',
    subject: /^transfer \d+$/,
  },
  {
    what: 'a wallet is given to another person',
    statements: [
      'UPDATE ledger.wallet SET owner_id = gen_random_uuid() WHERE id = (SELECT min(id) FROM ledger.wallet)',
    ],
    check: 'transfer_as_requested',
    subject: /^transfer \d+$/,
  },
  {
    what: 'the cause of a transfer is rewritten',
    statements: off(
      'transfer',
      `UPDATE ledger.transfer SET cause = cause || '{"actor": "nobody"}' WHERE id = ${captured}`,
    ),
    check: 'sealed_entries',
    subject: /^entry \d+$/,
  },
  {
    what: 'a block is written anew',
    statements: off('block', `UPDATE ledger.block SET entries_hash = sha256('forged') WHERE number = 1`),
    check: 'seal_chain',
    subject: /^block 1$/,
  },
  {
    what: 'a block is taken out of the chain',
    statements: off('block', 'DELETE FROM ledger.block WHERE number = 1'),
    check: 'seal_chain',
    subject: /^block 2$/,
  },
  {
    what: 'a trigger is left off',
    statements: ['ALTER TABLE ledger.entry DISABLE TRIGGER entry_append_only'],
    check: 'ledger_guarded',
    subject: /^table ledger\.entry$/,
  },
  {
    what: 'the application role is given a table',
    statements: ['GRANT UPDATE ON ledger.account TO holdfast_app'],
    check: 'ledger_guarded',
    subject: /^table ledger\.account$/,
  },
  {
    what: 'an entry comes from a server that was further on',
    statements: off('entry', `UPDATE ledger.entry SET xid = '999999999999'::xid8 WHERE id = ${userEntry}`),
    check: 'transaction_ids',
    subject: /^entry \d+$/,
  },
];
