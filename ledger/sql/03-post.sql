-- Writes one transfer with its entries and moves the stored balances of the user accounts among them. Each account
-- stands at most once in the postings; a posting of zero moves only `held_minor`. The caller holds the locks of all
-- wallets touched. The trigger on ledger.entry refuses a transfer that is not balanced per asset.
CREATE OR REPLACE FUNCTION ledger.post(
  p_kind text, p_key text, p_hash bytea, p_postings ledger.posting[], p_cause jsonb, p_event_at timestamptz,
  p_hold bigint DEFAULT NULL, p_reverses bigint DEFAULT NULL
) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  new_transfer bigint;
BEGIN
  INSERT INTO ledger.transfer (kind, key, request_hash, hold_id, reverses, cause, event_at, recorded_at)
  VALUES (p_kind, p_key, p_hash, p_hold, p_reverses, p_cause,
          coalesce(p_event_at, clock_timestamp()), clock_timestamp())
  RETURNING id INTO new_transfer;

  WITH posting AS (
    SELECT p.account_id, p.asset, p.amount_minor, p.held_delta_minor, p.place
    FROM unnest(p_postings) WITH ORDINALITY AS p (account_id, asset, amount_minor, held_delta_minor, place)
  ), changed AS (
    UPDATE ledger.account a
    SET balance_minor = a.balance_minor + p.amount_minor,
        held_minor = a.held_minor + p.held_delta_minor,
        version = a.version + 1
    FROM posting p WHERE a.id = p.account_id AND a.wallet_id IS NOT NULL
    RETURNING a.id, a.wallet_id, a.balance_minor, a.version
  ), wallet_before AS (
    -- This statement's snapshot still shows the balances from before its own update.
    SELECT a.wallet_id, sum(a.balance_minor) AS balance_minor
    FROM ledger.account a WHERE a.wallet_id IN (SELECT c.wallet_id FROM changed c) GROUP BY a.wallet_id
  )
  INSERT INTO ledger.entry (transfer_id, account_id, wallet_id, asset, amount_minor,
                            balance_after_minor, wallet_balance_after_minor, account_version)
  SELECT new_transfer, p.account_id, c.wallet_id, p.asset, p.amount_minor, c.balance_minor,
         b.balance_minor + sum(p.amount_minor) OVER (PARTITION BY c.wallet_id ORDER BY p.place), c.version
  FROM posting p
  LEFT JOIN changed c ON c.id = p.account_id
  LEFT JOIN wallet_before b ON b.wallet_id = c.wallet_id
  WHERE p.amount_minor <> 0
  ORDER BY p.place;
  RETURN new_transfer;
END $$;

-- Postings to system accounts out of their JSON form: [{"account": "fees:yookassa", "asset": "RUB", "amountMinor":
-- "3416"}].
CREATE OR REPLACE FUNCTION ledger.system_postings(p_legs jsonb) RETURNS ledger.posting[]
LANGUAGE sql AS $$
  SELECT coalesce(array_agg(ROW (ledger.system_account(leg ->> 'account', leg ->> 'asset'), leg ->> 'asset',
                                 (leg ->> 'amountMinor')::bigint, 0)::ledger.posting ORDER BY place), '{}')
  FROM jsonb_array_elements(coalesce(p_legs, '[]')) WITH ORDINALITY AS l (leg, place)
$$;

-- Takes what has expired and is not held out of a wallet's lots. NULL when there is nothing to take. The caller holds
-- the wallet's lock. A hold that was drawn from an expired lot keeps its right to be captured.
CREATE OR REPLACE FUNCTION ledger.expire_lots(p_wallet bigint, p_asset text, p_key text, p_cause jsonb) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  postings ledger.posting[];
  total bigint;
  moment timestamptz := clock_timestamp();
BEGIN
  SELECT array_agg(ROW (id, asset, held_minor - balance_minor, 0)::ledger.posting ORDER BY id),
         sum(balance_minor - held_minor)
  INTO postings, total
  FROM ledger.account WHERE wallet_id = p_wallet AND expires_at <= moment AND balance_minor > held_minor;

  IF total > 0 THEN
    postings := postings
      || ROW (ledger.system_account('expired:' || p_asset, p_asset), p_asset, total, 0)::ledger.posting;
    RETURN ledger.post('expire', p_key, ledger.request_hash('expire', p_key), postings, p_cause, moment);
  END IF;
  RETURN NULL;
END $$;
