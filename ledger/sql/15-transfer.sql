-- Moves an amount from one owner to another. What is moved keeps its bucket and expiry.
--
-- Answers: `transferred` {transferId, amountMinor}; `insufficient_funds` {requiredMinor, availableMinor}, not recorded;
-- `same_owner`; `key_conflict`.
-- Locks: both wallets, by id.
CREATE OR REPLACE FUNCTION ledger.transfer(
  p_key text, p_from uuid, p_to uuid, p_asset text, p_amount_minor bigint, p_cause jsonb,
  p_event_at timestamptz DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  hash bytea := ledger.request_hash('transfer', p_from::text, p_to::text, p_asset, p_amount_minor::text);
  from_wallet bigint;
  to_wallet bigint;
  answer jsonb;
  postings ledger.posting[];
  moment timestamptz;
BEGIN
  IF (p_amount_minor > 0) IS NOT TRUE THEN
    RAISE EXCEPTION 'amount_not_positive' USING ERRCODE = 'check_violation';
  END IF;
  IF p_from = p_to THEN RETURN '{"outcome": "same_owner", "replayed": false}'; END IF;
  from_wallet := ledger.open_wallet(p_from, p_asset);
  to_wallet := ledger.open_wallet(p_to, p_asset);
  PERFORM ledger.lock_wallets(from_wallet, to_wallet);
  answer := ledger.replay(p_key, hash);
  IF answer IS NOT NULL THEN RETURN answer; END IF;
  moment := clock_timestamp();

  SELECT array_agg(ROW (d.account_id, p_asset, -d.amount_minor, 0)::ledger.posting ORDER BY d.place)
    || array_agg(ROW (ledger.open_lot(to_wallet, p_asset, d.bucket, d.expires_at), p_asset, d.amount_minor, 0)
                 ::ledger.posting ORDER BY d.place)
  INTO postings FROM ledger.draw(from_wallet, p_amount_minor, moment) d;
  IF postings IS NULL THEN
    RETURN jsonb_build_object('outcome', 'insufficient_funds', 'requiredMinor', p_amount_minor::text,
                              'availableMinor', ledger.available(from_wallet, moment)::text, 'replayed', false);
  END IF;

  RETURN ledger.record_answer(p_key, 'transfer', hash, jsonb_build_object(
    'outcome', 'transferred', 'amountMinor', p_amount_minor::text,
    'transferId', ledger.post('transfer', p_key, hash, postings, p_cause, p_event_at)::text));
END $$;
