-- Gives an owner an amount out of a system account, with what else happened in the same fact as legs on system accounts
-- (the roubles of a top-up, the provider's fee, the tax). All of it is one transfer, balanced per asset.
--
-- The legs are no part of the request's hash: a second reading may know the fee that the first did not.
-- `p_expires_at` NULL: the money never expires. `p_legs`: [{"account", "asset", "amountMinor"}], positive = receives.
-- Answers: `credited` {transferId, amountMinor, availableMinor}; `already_expired` when the lot would be born expired;
-- `key_conflict`.
-- Locks: the wallet.
CREATE OR REPLACE FUNCTION ledger.credit(
  p_key text, p_owner uuid, p_asset text, p_amount_minor bigint, p_bucket text, p_expires_at timestamptz,
  p_source text, p_legs jsonb, p_cause jsonb, p_event_at timestamptz DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  hash bytea := ledger.request_hash('credit', p_owner::text, p_asset, p_amount_minor::text, p_bucket,
                                    extract(epoch FROM p_expires_at)::text, p_source);
  lot_expires_at timestamptz := coalesce(p_expires_at, 'infinity');
  wallet bigint;
  answer jsonb;
  postings ledger.posting[];
  new_transfer bigint;
BEGIN
  IF (p_amount_minor > 0) IS NOT TRUE THEN
    RAISE EXCEPTION 'amount_not_positive' USING ERRCODE = 'check_violation';
  END IF;
  wallet := ledger.open_wallet(p_owner, p_asset);
  PERFORM ledger.lock_wallets(wallet);
  answer := ledger.replay(p_key, hash);
  IF answer IS NOT NULL THEN RETURN answer; END IF;
  IF lot_expires_at <= clock_timestamp() THEN RETURN '{"outcome": "already_expired", "replayed": false}'; END IF;

  postings := ARRAY[
    ROW (ledger.open_lot(wallet, p_asset, p_bucket, lot_expires_at), p_asset, p_amount_minor, 0)::ledger.posting,
    ROW (ledger.system_account(p_source, p_asset), p_asset, -p_amount_minor, 0)::ledger.posting
  ] || ledger.system_postings(p_legs);
  new_transfer := ledger.post('credit', p_key, hash, postings, p_cause, p_event_at);

  RETURN ledger.record_answer(p_key, 'credit', hash, jsonb_build_object(
    'outcome', 'credited', 'transferId', new_transfer::text, 'amountMinor', p_amount_minor::text,
    'availableMinor', ledger.available(wallet, clock_timestamp())::text));
END $$;
