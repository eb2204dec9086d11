-- Finds a hold by its key and locks first its wallet, then the hold. NULL when there is no such hold.
CREATE OR REPLACE FUNCTION ledger.lock_hold(p_hold_key text) RETURNS ledger.hold
LANGUAGE plpgsql AS $$
DECLARE
  found_hold ledger.hold;
BEGIN
  SELECT * INTO found_hold FROM ledger.hold WHERE key = p_hold_key;
  IF NOT FOUND THEN RETURN NULL; END IF;
  PERFORM 1 FROM ledger.wallet WHERE id = found_hold.wallet_id FOR NO KEY UPDATE;
  SELECT * INTO found_hold FROM ledger.hold WHERE key = p_hold_key FOR NO KEY UPDATE;
  RETURN found_hold;
END $$;

-- The named answer to a second resolution, with the first resolver's cause.
CREATE OR REPLACE FUNCTION ledger.already_resolved(p_hold ledger.hold) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object(
    'outcome', 'already_' || p_hold.status,
    'holdKey', p_hold.key,
    'capturedMinor', p_hold.captured_minor::text,
    'releasedMinor', (p_hold.amount_minor - p_hold.captured_minor)::text,
    'resolvedBy', p_hold.resolved_cause,
    'replayed', false)
$$;

-- Marks a hold resolved and gives what is not captured back to its lots; what returns to an expired lot expires with
-- it. Captured parts are taken off `held_minor` by the posting of the capture.
CREATE OR REPLACE FUNCTION ledger.resolve_hold(
  p_hold ledger.hold, p_status text, p_captured bigint, p_key text, p_cause jsonb
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  into_expired boolean;
BEGIN
  UPDATE ledger.hold
  SET status = p_status, captured_minor = p_captured, resolved_at = clock_timestamp(), resolved_key = p_key,
      resolved_cause = p_cause
  WHERE id = p_hold.id;

  WITH returned AS (
    UPDATE ledger.account a SET held_minor = a.held_minor - part.rest
    FROM (SELECT account_id, amount_minor - captured_minor AS rest
          FROM ledger.hold_part WHERE hold_id = p_hold.id AND amount_minor > captured_minor) part
    WHERE a.id = part.account_id
    RETURNING a.expires_at <= clock_timestamp() AS expired
  )
  SELECT coalesce(bool_or(expired), false) INTO into_expired FROM returned;
  IF into_expired THEN
    PERFORM ledger.expire_lots(p_hold.wallet_id, p_hold.asset, p_key || '/lots', p_cause);
  END IF;
END $$;
