-- Spends a hold, whole or in part, and releases the rest in the same call. One capture per hold.
-- Postings: user -n, `redeemed:<asset>` +n. Capture out of a lot that has expired meanwhile is legal.
--
-- Answers: `captured` {holdKey, transferId, capturedMinor, releasedMinor}; `already_captured`, `already_released`,
-- `already_expired`; `exceeds_hold` {heldMinor}; `unknown_hold`; `key_conflict`. Only `captured` is recorded.
-- Locks: the wallet, the hold.
CREATE OR REPLACE FUNCTION ledger.capture(
  p_key text, p_hold_key text, p_amount_minor bigint, p_cause jsonb, p_event_at timestamptz DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  hash bytea := ledger.request_hash('capture', p_hold_key, p_amount_minor::text);
  hold ledger.hold;
  answer jsonb;
  postings ledger.posting[];
  new_transfer bigint;
BEGIN
  IF (p_amount_minor > 0) IS NOT TRUE THEN
    RAISE EXCEPTION 'amount_not_positive' USING ERRCODE = 'check_violation';
  END IF;
  hold := ledger.lock_hold(p_hold_key);
  answer := ledger.replay(p_key, hash);
  IF answer IS NOT NULL THEN RETURN answer; END IF;
  IF hold.id IS NULL THEN RETURN '{"outcome": "unknown_hold", "replayed": false}'; END IF;
  IF hold.status <> 'open' THEN RETURN ledger.already_resolved(hold); END IF;
  IF p_amount_minor > hold.amount_minor THEN
    RETURN jsonb_build_object('outcome', 'exceeds_hold', 'heldMinor', hold.amount_minor::text, 'replayed', false);
  END IF;

  WITH spent AS (
    UPDATE ledger.hold_part part SET captured_minor = taken.amount
    FROM (SELECT position, least(amount_minor, p_amount_minor - (running - amount_minor)) AS amount
          FROM (SELECT position, amount_minor, sum(amount_minor) OVER (ORDER BY position) AS running
                FROM ledger.hold_part WHERE hold_id = hold.id) drawn
          WHERE running - amount_minor < p_amount_minor) taken
    WHERE part.hold_id = hold.id AND part.position = taken.position
    RETURNING part.position, part.account_id, part.captured_minor
  )
  SELECT array_agg(ROW (account_id, hold.asset, -captured_minor, -captured_minor)::ledger.posting ORDER BY position)
  INTO postings FROM spent;
  postings := postings
    || ROW (ledger.system_account('redeemed:' || hold.asset, hold.asset), hold.asset, p_amount_minor, 0)
       ::ledger.posting;
  new_transfer := ledger.post('capture', p_key, hash, postings, p_cause, p_event_at, hold.id);
  PERFORM ledger.resolve_hold(hold, 'captured', p_amount_minor, p_key, p_cause);

  RETURN ledger.record_answer(p_key, 'capture', hash, jsonb_build_object(
    'outcome', 'captured', 'holdKey', p_hold_key, 'transferId', new_transfer::text,
    'capturedMinor', p_amount_minor::text, 'releasedMinor', (hold.amount_minor - p_amount_minor)::text));
END $$;
