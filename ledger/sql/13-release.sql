-- Gives a hold back, whole. The undo of `reserve`, so it must be safe when the hold was never made: that is
-- `nothing_to_release`, a success.
--
-- Answers: `released` {holdKey, releasedMinor}; `already_captured`, `already_released`, `already_expired`;
-- `nothing_to_release`; `key_conflict`. Only `released` is recorded.
-- Locks: the wallet, the hold.
CREATE OR REPLACE FUNCTION ledger.release(p_key text, p_hold_key text, p_cause jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  hash bytea := ledger.request_hash('release', p_hold_key);
  hold ledger.hold := ledger.lock_hold(p_hold_key);
  answer jsonb := ledger.replay(p_key, hash);
BEGIN
  IF answer IS NOT NULL THEN RETURN answer; END IF;
  IF hold.id IS NULL THEN RETURN '{"outcome": "nothing_to_release", "replayed": false}'; END IF;
  IF hold.status <> 'open' THEN RETURN ledger.already_resolved(hold); END IF;
  PERFORM ledger.resolve_hold(hold, 'released', 0, p_key, p_cause);
  RETURN ledger.record_answer(p_key, 'release', hash, jsonb_build_object(
    'outcome', 'released', 'holdKey', p_hold_key, 'releasedMinor', hold.amount_minor::text));
END $$;
