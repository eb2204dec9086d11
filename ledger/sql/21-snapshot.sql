-- Writes down the balances of system accounts over all transactions older than every open one, so that reading one sums
-- only what came since. Returns how many accounts moved.
CREATE OR REPLACE FUNCTION ledger.snapshot_system_balances() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  horizon xid8;
  written int;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ledger.snapshot'));
  horizon := pg_snapshot_xmin(pg_current_snapshot());
  INSERT INTO ledger.balance_snapshot (account_id, before_xid, balance_minor)
  SELECT a.id, horizon, coalesce(last.balance_minor, 0) + since.amount_minor
  FROM ledger.account a
  LEFT JOIN LATERAL (
    SELECT s.before_xid, s.balance_minor FROM ledger.balance_snapshot s
    WHERE s.account_id = a.id ORDER BY s.before_xid DESC LIMIT 1
  ) last ON true
  CROSS JOIN LATERAL (
    SELECT sum(e.amount_minor) AS amount_minor FROM ledger.entry e
    WHERE e.account_id = a.id AND e.xid >= coalesce(last.before_xid, '0'::xid8) AND e.xid < horizon
  ) since
  WHERE a.wallet_id IS NULL AND since.amount_minor IS NOT NULL;
  GET DIAGNOSTICS written = ROW_COUNT;
  RETURN written;
END $$;

-- The balance of a system account now: its latest snapshot and the entries since.
CREATE OR REPLACE FUNCTION ledger.system_balance(p_code text, p_asset text) RETURNS numeric
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(last.balance_minor, 0) + coalesce((
    SELECT sum(e.amount_minor) FROM ledger.entry e
    WHERE e.account_id = a.id AND e.xid >= coalesce(last.before_xid, '0'::xid8)), 0)
  FROM ledger.account a
  LEFT JOIN LATERAL (
    SELECT s.before_xid, s.balance_minor FROM ledger.balance_snapshot s
    WHERE s.account_id = a.id ORDER BY s.before_xid DESC LIMIT 1
  ) last ON true
  WHERE a.code = p_code AND a.asset = p_asset
$$;
