-- The id of a system account, made on first use. It takes no lock that a second purchase would wait for.
CREATE OR REPLACE FUNCTION ledger.system_account(p_code text, p_asset text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  account_id bigint;
BEGIN
  SELECT id INTO account_id FROM ledger.account WHERE code = p_code AND asset = p_asset;
  IF FOUND THEN RETURN account_id; END IF;
  INSERT INTO ledger.account (code, asset) VALUES (p_code, p_asset) ON CONFLICT (code, asset) DO NOTHING;
  SELECT id INTO STRICT account_id FROM ledger.account WHERE code = p_code AND asset = p_asset;
  RETURN account_id;
END $$;

-- The id of an owner's wallet, made on first use.
CREATE OR REPLACE FUNCTION ledger.open_wallet(p_owner uuid, p_asset text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  wallet_id bigint;
BEGIN
  SELECT id INTO wallet_id FROM ledger.wallet WHERE owner_id = p_owner AND asset = p_asset;
  IF FOUND THEN RETURN wallet_id; END IF;
  INSERT INTO ledger.wallet (owner_id, asset) VALUES (p_owner, p_asset) ON CONFLICT (owner_id, asset) DO NOTHING;
  SELECT id INTO STRICT wallet_id FROM ledger.wallet WHERE owner_id = p_owner AND asset = p_asset;
  RETURN wallet_id;
END $$;

-- The id of a wallet's lot, made on first use. The caller holds the wallet's lock.
CREATE OR REPLACE FUNCTION ledger.open_lot(p_wallet bigint, p_asset text, p_bucket text, p_expires_at timestamptz)
RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  lot_id bigint;
BEGIN
  SELECT id INTO lot_id FROM ledger.account
  WHERE wallet_id = p_wallet AND bucket = p_bucket AND expires_at = p_expires_at;
  IF NOT FOUND THEN
    INSERT INTO ledger.account (wallet_id, asset, bucket, expires_at, balance_minor, held_minor)
    VALUES (p_wallet, p_asset, p_bucket, p_expires_at, 0, 0) RETURNING id INTO lot_id;
  END IF;
  RETURN lot_id;
END $$;

-- Locks wallets in the one order that all verbs share: by id.
CREATE OR REPLACE FUNCTION ledger.lock_wallets(VARIADIC p_wallets bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM ledger.wallet WHERE id = ANY (p_wallets) ORDER BY id FOR NO KEY UPDATE;
END $$;

-- The lots that an amount is drawn from: soonest-expiring first, then free, plan, promo, paid, then oldest.
-- Empty when the wallet has less than the amount available. The caller holds the wallet's lock.
CREATE OR REPLACE FUNCTION ledger.draw(p_wallet bigint, p_amount bigint, p_now timestamptz)
RETURNS TABLE (place smallint, account_id bigint, bucket text, expires_at timestamptz, amount_minor bigint)
LANGUAGE sql STABLE AS $$
  WITH lot AS (
    SELECT a.id, a.bucket, a.expires_at, a.balance_minor - a.held_minor AS available,
           row_number() OVER drawing AS place,
           sum(a.balance_minor - a.held_minor) OVER drawing AS running
    FROM ledger.account a
    WHERE a.wallet_id = p_wallet AND a.expires_at > p_now AND a.balance_minor > a.held_minor
    WINDOW drawing AS (ORDER BY a.expires_at, array_position(ARRAY['free', 'plan', 'promo', 'paid'], a.bucket), a.id
                       ROWS UNBOUNDED PRECEDING)
  )
  SELECT lot.place::smallint, lot.id, lot.bucket, lot.expires_at,
         least(lot.available, p_amount - (lot.running - lot.available))::bigint
  FROM lot
  WHERE lot.running - lot.available < p_amount
    AND (SELECT max(running) FROM lot) >= p_amount
$$;

-- What a wallet can spend now.
CREATE OR REPLACE FUNCTION ledger.available(p_wallet bigint, p_now timestamptz) RETURNS bigint
LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(balance_minor - held_minor), 0)::bigint
  FROM ledger.account WHERE wallet_id = p_wallet AND expires_at > p_now
$$;
