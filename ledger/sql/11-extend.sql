-- Lengthens an open hold to at least a time from now, for a saga that is parked. It never shortens one.
--
-- Answers: `extended` {holdKey, expiresAt}; `already_captured`, `already_released`, `already_expired`; `unknown_hold`;
-- `key_conflict`.
-- Locks: the wallet, the hold.
CREATE OR REPLACE FUNCTION ledger.extend(p_key text, p_hold_key text, p_ttl interval) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  hash bytea := ledger.request_hash('extend', p_hold_key, extract(epoch FROM p_ttl)::text);
  hold ledger.hold := ledger.lock_hold(p_hold_key);
  answer jsonb := ledger.replay(p_key, hash);
  longer timestamptz;
BEGIN
  IF (p_ttl > interval '0') IS NOT TRUE THEN
    RAISE EXCEPTION 'ttl_not_positive' USING ERRCODE = 'check_violation';
  END IF;
  IF answer IS NOT NULL THEN RETURN answer; END IF;
  IF hold.id IS NULL THEN RETURN '{"outcome": "unknown_hold", "replayed": false}'; END IF;
  IF hold.status <> 'open' THEN RETURN ledger.already_resolved(hold); END IF;
  longer := greatest(hold.expires_at, clock_timestamp() + p_ttl);
  UPDATE ledger.hold h SET expires_at = longer WHERE h.id = hold.id;
  RETURN ledger.record_answer(p_key, 'extend', hash, jsonb_build_object(
    'outcome', 'extended', 'holdKey', p_hold_key, 'expiresAt', to_json(longer)));
END $$;
