import { type FragmentSqlToken, sql } from 'slonik';

export interface AuditCheck {
  readonly name: string;
  /** What must hold, in a sentence. */
  readonly promise: string;
  /** A query of one row per violation: `subject` names the offending row, `detail` says what is wrong with it. */
  readonly violations: FragmentSqlToken;
}

/** What the books say of themselves: sums, stored balances and the chain of each account and wallet. */
export const balanceChecks: readonly AuditCheck[] = [
  {
    name: 'transfer_balanced',
    promise: 'the entries of each transfer sum to 0 per asset, and there is no transfer without entries',
    violations: sql.fragment`
      SELECT 'transfer ' || transfer_id AS subject,
             format('its entries are off by %s %s', sum(amount_minor), asset) AS detail
      FROM ledger.entry GROUP BY transfer_id, asset HAVING sum(amount_minor) <> 0
      UNION ALL
      SELECT 'transfer ' || t.id, 'it has no entries'
      FROM ledger.transfer t WHERE NOT EXISTS (SELECT 1 FROM ledger.entry e WHERE e.transfer_id = t.id)`,
  },
  {
    name: 'asset_sums_to_zero',
    promise: 'all balances of an asset sum to 0',
    violations: sql.fragment`
      SELECT 'asset ' || asset AS subject, format('all balances sum to %s', sum(minor)) AS detail
      FROM (
        SELECT asset, sum(balance_minor) AS minor FROM ledger.account WHERE wallet_id IS NOT NULL GROUP BY asset
        UNION ALL
        SELECT asset, sum(amount_minor) FROM ledger.entry WHERE wallet_id IS NULL GROUP BY asset
      ) balances GROUP BY asset HAVING sum(minor) <> 0`,
  },
  {
    name: 'stored_balance',
    promise: 'the stored balance of each account is the sum of its entries',
    violations: sql.fragment`
      SELECT 'account ' || a.id AS subject,
             format('it stores %s %s, its entries sum to %s', a.balance_minor, a.asset, coalesce(e.minor, 0)) AS detail
      FROM ledger.account a
      LEFT JOIN (SELECT account_id, sum(amount_minor) AS minor
        FROM ledger.entry GROUP BY account_id) e ON e.account_id = a.id
      WHERE a.wallet_id IS NOT NULL AND a.balance_minor <> coalesce(e.minor, 0)`,
  },
  {
    name: 'entry_chain',
    promise: 'each entry of an account continues the balance and the version of the one before',
    violations: sql.fragment`
      SELECT 'entry ' || id AS subject,
             format('account %s stood at %s (version %s) before it, and it writes %s%s = %s (version %s)', account_id,
                    coalesce(before_minor, 0), coalesce(before_version, 0), CASE WHEN amount_minor > 0 THEN '+' END,
                    amount_minor, balance_after_minor, account_version) AS detail
      FROM (
        SELECT e.*, lag(balance_after_minor) OVER chain AS before_minor,
               lag(account_version) OVER chain AS before_version
        FROM ledger.entry e WHERE wallet_id IS NOT NULL
        WINDOW chain AS (PARTITION BY account_id ORDER BY transfer_id, id)
      ) chained
      WHERE balance_after_minor <> coalesce(before_minor, 0) + amount_minor
         OR account_version <> coalesce(before_version, 0) + 1`,
  },
  {
    name: 'account_version',
    promise: 'the version of each account is that of its last entry',
    violations: sql.fragment`
      SELECT 'account ' || a.id AS subject,
             format('its version is %s, that of its last entry is %s', a.version, coalesce(e.version, 0)) AS detail
      FROM ledger.account a
      LEFT JOIN (SELECT account_id, max(account_version) AS version FROM ledger.entry GROUP BY account_id) e
        ON e.account_id = a.id
      WHERE a.wallet_id IS NOT NULL AND a.version <> coalesce(e.version, 0)`,
  },
  {
    name: 'wallet_chain',
    promise: "each entry continues the balance of its owner's wallet",
    violations: sql.fragment`
      SELECT 'entry ' || id AS subject,
             format('wallet %s stood at %s before it, and it writes %s', wallet_id, coalesce(before_minor, 0),
                    wallet_balance_after_minor) AS detail
      FROM (
        SELECT e.*,
               lag(wallet_balance_after_minor) OVER (PARTITION BY wallet_id ORDER BY transfer_id, id) AS before_minor
        FROM ledger.entry e WHERE wallet_id IS NOT NULL
      ) chained
      WHERE wallet_balance_after_minor <> coalesce(before_minor, 0) + amount_minor`,
  },
  {
    name: 'never_overdrawn',
    promise: 'no user account holds more than it has',
    violations: sql.fragment`
      SELECT 'account ' || id AS subject, format('balance %s, held %s', balance_minor, held_minor) AS detail
      FROM ledger.account WHERE wallet_id IS NOT NULL AND (held_minor < 0 OR balance_minor < held_minor)`,
  },
  {
    name: 'entry_account',
    promise: 'each entry stands on an account that exists, is of its wallet and of its asset',
    violations: sql.fragment`
      SELECT 'entry ' || e.id AS subject,
             format('account %s is not of wallet %s and %s', e.account_id, e.wallet_id, e.asset) AS detail
      FROM ledger.entry e
      LEFT JOIN ledger.account a ON a.id = e.account_id
      LEFT JOIN ledger.wallet w ON w.id = a.wallet_id
      WHERE a.id IS NULL OR a.wallet_id IS DISTINCT FROM e.wallet_id OR a.asset <> e.asset OR w.asset <> e.asset`,
  },
  {
    name: 'balance_snapshot',
    promise: 'each snapshot of a system account is the sum of the entries before it',
    violations: sql.fragment`
      SELECT format('balance_snapshot %s before %s', account_id, before_xid) AS subject,
             format('it moved by %s since the one before, the entries by %s',
                    balance_minor - before_minor, entries_minor) AS detail
      FROM (
        SELECT s.account_id, s.before_xid, s.balance_minor, coalesce(lag(s.balance_minor) OVER line, 0) AS before_minor,
               coalesce(lag(s.before_xid) OVER line, '0'::xid8) AS from_xid
        FROM ledger.balance_snapshot s WINDOW line AS (PARTITION BY s.account_id ORDER BY s.before_xid)
      ) s
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(e.amount_minor), 0) AS entries_minor FROM ledger.entry e
        WHERE e.account_id = s.account_id AND e.xid >= s.from_xid AND e.xid < s.before_xid
      ) e
      WHERE s.balance_minor - s.before_minor <> e.entries_minor`,
  },
];
