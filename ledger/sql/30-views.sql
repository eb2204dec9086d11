-- What the rest of the system may read. An expired lot counts for nothing, swept or not.
CREATE OR REPLACE VIEW ledger.bucket_balance AS
SELECT w.owner_id, w.asset, a.bucket, nullif(a.expires_at, 'infinity') AS expires_at,
       a.balance_minor, a.held_minor, a.balance_minor - a.held_minor AS available_minor
FROM ledger.account a JOIN ledger.wallet w ON w.id = a.wallet_id
WHERE a.expires_at > now();

CREATE OR REPLACE VIEW ledger.wallet_balance AS
SELECT w.owner_id, w.asset,
       coalesce(sum(a.balance_minor - a.held_minor) FILTER (WHERE a.expires_at > now()), 0)::bigint AS available_minor,
       coalesce(sum(a.held_minor), 0)::bigint AS held_minor
FROM ledger.wallet w LEFT JOIN ledger.account a ON a.wallet_id = w.id
GROUP BY w.owner_id, w.asset;

-- One row per change of an owner's balance, with before, after and cause.
CREATE OR REPLACE VIEW ledger.transaction_log AS
SELECT e.transfer_id AS id, w.owner_id, w.asset, t.kind, t.key, t.hold_id, t.reverses,
       sum(e.amount_minor)::bigint AS amount_minor,
       (array_agg(e.wallet_balance_after_minor ORDER BY e.id DESC))[1] - sum(e.amount_minor)::bigint
         AS balance_before_minor,
       (array_agg(e.wallet_balance_after_minor ORDER BY e.id DESC))[1] AS balance_after_minor,
       t.cause, t.event_at, t.recorded_at
FROM ledger.entry e
JOIN ledger.transfer t ON t.id = e.transfer_id
JOIN ledger.wallet w ON w.id = e.wallet_id
GROUP BY e.transfer_id, w.id, t.id;

CREATE OR REPLACE VIEW ledger.hold_log AS
SELECT h.key, w.owner_id, h.asset, h.amount_minor, h.captured_minor, h.status, h.expires_at, h.cause,
       h.created_at, h.resolved_at, h.resolved_key, h.resolved_cause
FROM ledger.hold h JOIN ledger.wallet w ON w.id = h.wallet_id;

-- One page of `transaction_log` for one owner, newest first, older than the transfer `p_before`. It walks an index from
-- the cursor on, so a page costs the same however long the history is. `p_direction`: `in` and `out` leave out the
-- other; within a wallet a transfer only gives or only takes.
CREATE OR REPLACE FUNCTION ledger.transactions_before(
  p_owner uuid, p_asset text, p_direction text, p_before bigint, p_limit int
) RETURNS TABLE (id bigint, asset text, kind text, key text, hold_key text, reverses bigint, amount_minor bigint,
               balance_before_minor bigint, balance_after_minor bigint, cause jsonb, event_at timestamptz,
               recorded_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.id, page.asset, t.kind, t.key, h.key, t.reverses, moved.amount_minor,
         moved.balance_after_minor - moved.amount_minor, moved.balance_after_minor, t.cause, t.event_at, t.recorded_at
  FROM (
    SELECT w.id AS wallet_id, w.asset, recent.transfer_id
    FROM ledger.wallet w CROSS JOIN LATERAL (
      (SELECT e.transfer_id FROM ledger.entry e
       WHERE p_direction IS DISTINCT FROM 'in' AND e.wallet_id = w.id AND e.transfer_id < p_before
         AND (p_direction IS NULL OR e.amount_minor < 0)
       GROUP BY e.transfer_id ORDER BY e.transfer_id DESC LIMIT p_limit)
      UNION ALL
      (SELECT e.transfer_id FROM ledger.entry e
       WHERE p_direction = 'in' AND e.wallet_id = w.id AND e.transfer_id < p_before AND e.amount_minor > 0
       GROUP BY e.transfer_id ORDER BY e.transfer_id DESC LIMIT p_limit)
    ) recent
    WHERE w.owner_id = p_owner AND (p_asset IS NULL OR w.asset = p_asset)
    ORDER BY recent.transfer_id DESC LIMIT p_limit
  ) page
  CROSS JOIN LATERAL (
    SELECT sum(e.amount_minor)::bigint AS amount_minor,
           (array_agg(e.wallet_balance_after_minor ORDER BY e.id DESC))[1] AS balance_after_minor
    FROM ledger.entry e WHERE e.wallet_id = page.wallet_id AND e.transfer_id = page.transfer_id
  ) moved
  JOIN ledger.transfer t ON t.id = page.transfer_id
  LEFT JOIN ledger.hold h ON h.id = t.hold_id
  ORDER BY t.id DESC
$$;

-- The last transfer of a wallet at a past moment, by halving: within a wallet times grow with the numbers of transfers.
CREATE OR REPLACE FUNCTION ledger.last_transfer_at(p_wallet bigint, p_at timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
  low bigint := 0;
  high bigint := (SELECT max(transfer_id) FROM ledger.entry WHERE wallet_id = p_wallet);
  middle bigint;
  probe record;
  best bigint;
BEGIN
  WHILE low < high LOOP
    middle := low + (high - low + 1) / 2;
    SELECT e.transfer_id, t.recorded_at INTO probe
    FROM ledger.entry e JOIN ledger.transfer t ON t.id = e.transfer_id
    WHERE e.wallet_id = p_wallet AND e.transfer_id > low AND e.transfer_id <= middle
    ORDER BY e.transfer_id DESC LIMIT 1;
    IF NOT FOUND THEN
      low := middle;
    ELSIF probe.recorded_at <= p_at THEN
      best := probe.transfer_id;
      low := middle;
    ELSE
      high := probe.transfer_id - 1;
    END IF;
  END LOOP;
  RETURN best;
END $$;

-- What an owner had at a past moment: balance, and of it held.
CREATE OR REPLACE FUNCTION ledger.balance_at(
  p_owner uuid, p_asset text, p_at timestamptz, OUT balance_minor bigint, OUT held_minor bigint
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT
    coalesce((SELECT e.wallet_balance_after_minor FROM ledger.entry e
              WHERE e.wallet_id = w.id AND e.transfer_id = ledger.last_transfer_at(w.id, p_at)
              ORDER BY e.id DESC LIMIT 1), 0)::bigint,
    coalesce((SELECT sum(h.amount_minor) FROM ledger.hold h
              WHERE h.wallet_id = w.id AND h.created_at <= p_at AND (h.resolved_at IS NULL OR h.resolved_at > p_at)
             ), 0)::bigint
  FROM (SELECT (SELECT id FROM ledger.wallet WHERE owner_id = p_owner AND asset = p_asset) AS id) w
$$;

-- The owners whose balances the present transaction has moved by entries.
CREATE OR REPLACE FUNCTION ledger.owners_moved() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT w.owner_id FROM ledger.entry e JOIN ledger.wallet w ON w.id = e.wallet_id
  WHERE e.xid = pg_current_xact_id()
$$;

-- The transfer that a key made, or NULL.
CREATE OR REPLACE FUNCTION ledger.transfer_of(p_key text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT id FROM ledger.transfer WHERE key = p_key
$$;
