-- Holds an amount of an owner's money for a time. The hold is named by the request's key.
--
-- Answers: `held` {holdKey, amountMinor, availableMinor, expiresAt}; `insufficient_funds` {requiredMinor,
-- availableMinor}, which is not recorded, so that the same key may succeed later; `key_conflict`.
-- Locks: the wallet.
CREATE OR REPLACE FUNCTION ledger.reserve(
  p_key text, p_owner uuid, p_asset text, p_amount_minor bigint, p_ttl interval, p_cause jsonb
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  hash bytea := ledger.request_hash('reserve', p_owner::text, p_asset, p_amount_minor::text,
                                    extract(epoch FROM p_ttl)::text);
  wallet bigint;
  moment timestamptz;
  answer jsonb;
  new_hold bigint;
  drawn bigint;
BEGIN
  IF (p_amount_minor > 0) IS NOT TRUE THEN
    RAISE EXCEPTION 'amount_not_positive' USING ERRCODE = 'check_violation';
  END IF;
  IF (p_ttl > interval '0') IS NOT TRUE THEN
    RAISE EXCEPTION 'ttl_not_positive' USING ERRCODE = 'check_violation';
  END IF;
  SELECT id INTO wallet FROM ledger.wallet WHERE owner_id = p_owner AND asset = p_asset FOR NO KEY UPDATE;
  answer := ledger.replay(p_key, hash);
  IF answer IS NOT NULL THEN RETURN answer; END IF;
  moment := clock_timestamp();

  INSERT INTO ledger.hold (key, wallet_id, asset, amount_minor, expires_at, cause, created_at)
  SELECT p_key, wallet, p_asset, p_amount_minor, moment + p_ttl, p_cause, moment
  WHERE wallet IS NOT NULL AND ledger.available(wallet, moment) >= p_amount_minor
  RETURNING id INTO new_hold;
  IF new_hold IS NULL THEN
    RETURN jsonb_build_object('outcome', 'insufficient_funds', 'requiredMinor', p_amount_minor::text,
                              'availableMinor', ledger.available(wallet, moment)::text, 'replayed', false);
  END IF;

  WITH part AS (
    INSERT INTO ledger.hold_part (hold_id, position, account_id, amount_minor)
    SELECT new_hold, d.place, d.account_id, d.amount_minor FROM ledger.draw(wallet, p_amount_minor, moment) d
    RETURNING account_id, amount_minor
  ), lent AS (
    UPDATE ledger.account a SET held_minor = a.held_minor + part.amount_minor
    FROM part WHERE a.id = part.account_id RETURNING part.amount_minor
  )
  SELECT sum(amount_minor) INTO drawn FROM lent;
  IF drawn IS DISTINCT FROM p_amount_minor THEN
    RAISE EXCEPTION 'hold % drew % of %', p_key, drawn, p_amount_minor USING ERRCODE = 'check_violation';
  END IF;

  RETURN ledger.record_answer(p_key, 'reserve', hash, jsonb_build_object(
    'outcome', 'held', 'holdKey', p_key, 'amountMinor', p_amount_minor::text,
    'availableMinor', ledger.available(wallet, moment)::text, 'expiresAt', to_json(moment + p_ttl)));
END $$;
