-- Ends a hold whose time is over and gives the money back. The caller has made sure that its order is final or unknown.
--
-- Answers: `expired` {holdKey, releasedMinor}; `not_due` {expiresAt}; `already_captured`, `already_released`,
-- `already_expired`; `unknown_hold`; `key_conflict`. Only `expired` is recorded.
-- Locks: the wallet, the hold.
CREATE OR REPLACE FUNCTION ledger.expire(p_key text, p_hold_key text, p_cause jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  hash bytea := ledger.request_hash('expire', p_hold_key);
  hold ledger.hold := ledger.lock_hold(p_hold_key);
  answer jsonb := ledger.replay(p_key, hash);
BEGIN
  IF answer IS NOT NULL THEN RETURN answer; END IF;
  IF hold.id IS NULL THEN RETURN '{"outcome": "unknown_hold", "replayed": false}'; END IF;
  IF hold.status <> 'open' THEN RETURN ledger.already_resolved(hold); END IF;
  IF hold.expires_at > clock_timestamp() THEN
    RETURN jsonb_build_object('outcome', 'not_due', 'expiresAt', to_json(hold.expires_at), 'replayed', false);
  END IF;
  PERFORM ledger.resolve_hold(hold, 'expired', 0, p_key, p_cause);
  RETURN ledger.record_answer(p_key, 'expire', hash, jsonb_build_object(
    'outcome', 'expired', 'holdKey', p_hold_key, 'releasedMinor', hold.amount_minor::text));
END $$;

-- Open holds whose time is over, with their wallets locked; those that another process works on are passed over.
CREATE OR REPLACE FUNCTION ledger.claim_due_holds(p_limit int) RETURNS TABLE (hold_key text, workflow_id text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT h.key, h.cause ->> 'workflowId'
  FROM ledger.hold h JOIN ledger.wallet w ON w.id = h.wallet_id
  WHERE h.status = 'open' AND h.expires_at <= clock_timestamp()
  ORDER BY h.expires_at LIMIT p_limit
  FOR NO KEY UPDATE OF w, h SKIP LOCKED
$$;

-- Empties up to `p_limit` lots whose time is over, passing over wallets that are busy. Returns how many lots it worked
-- on, so that a caller goes on until 0; a lot that still lends to an open hold stays open until that hold is resolved.
CREATE OR REPLACE FUNCTION ledger.expire_due_lots(p_limit int, p_cause jsonb) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  due record;
  emptied int := 0;
BEGIN
  FOR due IN
    SELECT a.id, a.version, a.wallet_id, a.asset FROM ledger.account a JOIN ledger.wallet w ON w.id = a.wallet_id
    WHERE a.expires_at <= clock_timestamp() AND a.expires_at <> 'infinity' AND a.closed_at IS NULL
      AND (a.held_minor = 0 OR a.balance_minor > a.held_minor)
    ORDER BY a.expires_at LIMIT p_limit
    FOR NO KEY UPDATE OF w SKIP LOCKED
  LOOP
    PERFORM ledger.expire_lots(due.wallet_id, due.asset, format('expire-lot/%s/%s', due.id, due.version), p_cause);
    UPDATE ledger.account SET closed_at = clock_timestamp() WHERE id = due.id AND balance_minor = 0;
    emptied := emptied + 1;
  END LOOP;
  RETURN emptied;
END $$;
