-- Undoes a transfer with its mirror image, linked to it, once. It never makes a debt: where the money to take back is
-- no longer available in the lot that received it, it refuses and a person decides. What returns to an expired lot
-- expires.
--
-- Answers: `reversed` {transferId, reverses}; `already_reversed` {transferId}; `insufficient_funds`;
-- `unknown_transfer`; `key_conflict`. Only `reversed` is recorded.
-- Locks: all wallets of the transfer, by id.
CREATE OR REPLACE FUNCTION ledger.reverse(
  p_key text, p_transfer bigint, p_cause jsonb, p_event_at timestamptz DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  hash bytea := ledger.request_hash('reverse', p_transfer::text);
  touched bigint[];
  answer jsonb;
  postings ledger.posting[];
  earlier bigint;
  new_transfer bigint;
  target_wallet record;
BEGIN
  SELECT array_agg(DISTINCT wallet_id) FILTER (WHERE wallet_id IS NOT NULL) INTO touched
  FROM ledger.entry WHERE transfer_id = p_transfer;
  PERFORM ledger.lock_wallets(VARIADIC coalesce(touched, '{}'));
  answer := ledger.replay(p_key, hash);
  IF answer IS NOT NULL THEN RETURN answer; END IF;

  SELECT array_agg(ROW (e.account_id, e.asset, -e.amount_minor, 0)::ledger.posting ORDER BY e.id) INTO postings
  FROM ledger.entry e WHERE e.transfer_id = p_transfer;
  IF postings IS NULL THEN RETURN '{"outcome": "unknown_transfer", "replayed": false}'; END IF;
  SELECT id INTO earlier FROM ledger.transfer WHERE reverses = p_transfer;
  IF FOUND THEN
    RETURN jsonb_build_object('outcome', 'already_reversed', 'transferId', earlier::text, 'replayed', false);
  END IF;
  PERFORM 1 FROM unnest(postings) p JOIN ledger.account a ON a.id = p.account_id
  WHERE a.wallet_id IS NOT NULL AND a.balance_minor + p.amount_minor < a.held_minor;
  IF FOUND THEN RETURN '{"outcome": "insufficient_funds", "replayed": false}'; END IF;

  new_transfer := ledger.post('reverse', p_key, hash, postings, p_cause, p_event_at, NULL, p_transfer);
  FOR target_wallet IN SELECT id, asset FROM ledger.wallet WHERE id = ANY (touched) ORDER BY id LOOP
    PERFORM ledger.expire_lots(target_wallet.id, target_wallet.asset, p_key || '/lots/' || target_wallet.id, p_cause);
  END LOOP;
  RETURN ledger.record_answer(p_key, 'reverse', hash, jsonb_build_object(
    'outcome', 'reversed', 'transferId', new_transfer::text, 'reverses', p_transfer::text));
END $$;
