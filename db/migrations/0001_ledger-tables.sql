-- The double-entry ledger: wallets, accounts, holds, transfers, entries, request keys, seal blocks.

CREATE SCHEMA ledger;

-- A wallet is one owner's money in one asset. Its row is the lock for all its accounts and holds.
CREATE TABLE ledger.wallet (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner_id uuid NOT NULL,
  asset text NOT NULL CONSTRAINT wallet_asset_check CHECK (asset IN ('RUB', 'USDT', 'TON', 'XTR', 'STC', 'CREDIT')),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (owner_id, asset)
);

-- An account is a lot of a wallet (bucket and expiry, with a stored balance), or a system account (code, no stored
-- balance, so that it is never hot: its balance is the sum of its entries over a snapshot).
CREATE TABLE ledger.account (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  wallet_id bigint REFERENCES ledger.wallet,
  code text,
  asset text NOT NULL CONSTRAINT account_asset_check CHECK (asset IN ('RUB', 'USDT', 'TON', 'XTR', 'STC', 'CREDIT')),
  bucket text CHECK (bucket IN ('free', 'plan', 'promo', 'paid')),
  expires_at timestamptz NOT NULL DEFAULT 'infinity',
  balance_minor bigint,
  held_minor bigint,
  version bigint NOT NULL DEFAULT 0,
  closed_at timestamptz,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (wallet_id, bucket, expires_at),
  UNIQUE (code, asset),
  CONSTRAINT account_user_or_system CHECK (
    (wallet_id IS NOT NULL AND code IS NULL AND bucket IS NOT NULL AND balance_minor IS NOT NULL
      AND held_minor IS NOT NULL)
    OR (wallet_id IS NULL AND code IS NOT NULL AND bucket IS NULL AND balance_minor IS NULL AND held_minor IS NULL)
  ),
  CONSTRAINT account_never_overdrawn CHECK (held_minor >= 0 AND balance_minor >= held_minor)
) WITH (fillfactor = 80);
-- No balance in the predicate: an update of a column that an index mentions cannot stay on its page.
CREATE INDEX account_open_lot_idx ON ledger.account (expires_at)
  WHERE expires_at <> 'infinity' AND closed_at IS NULL;

CREATE TABLE ledger.hold (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key text NOT NULL UNIQUE,
  wallet_id bigint NOT NULL REFERENCES ledger.wallet,
  asset text NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  captured_minor bigint NOT NULL DEFAULT 0 CHECK (captured_minor BETWEEN 0 AND amount_minor),
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'captured', 'released', 'expired')),
  expires_at timestamptz NOT NULL,
  cause jsonb NOT NULL CONSTRAINT hold_cause_complete CHECK (cause ?& ARRAY['workflowId', 'step', 'actor']),
  created_at timestamptz NOT NULL,
  resolved_at timestamptz,
  resolved_key text,
  resolved_cause jsonb,
  CONSTRAINT hold_resolved_once CHECK ((status = 'open') = (resolved_at IS NULL)),
  CONSTRAINT hold_captured_only_when_captured CHECK (status = 'captured' OR captured_minor = 0)
);
CREATE INDEX hold_due_idx ON ledger.hold (expires_at) WHERE status = 'open';
CREATE INDEX hold_wallet_idx ON ledger.hold (wallet_id, id);
CREATE INDEX hold_workflow_idx ON ledger.hold ((cause ->> 'workflowId'));

-- Which lot lent how much to a hold, in the order of drawing.
CREATE TABLE ledger.hold_part (
  hold_id bigint NOT NULL REFERENCES ledger.hold,
  position smallint NOT NULL,
  account_id bigint NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  captured_minor bigint NOT NULL DEFAULT 0 CHECK (captured_minor BETWEEN 0 AND amount_minor),
  PRIMARY KEY (hold_id, position)
);

CREATE TABLE ledger.transfer (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('capture', 'credit', 'transfer', 'reverse', 'expire')),
  key text NOT NULL UNIQUE,
  request_hash bytea NOT NULL,
  hold_id bigint REFERENCES ledger.hold,
  reverses bigint UNIQUE REFERENCES ledger.transfer,
  cause jsonb NOT NULL CONSTRAINT transfer_cause_complete CHECK (cause ?& ARRAY['workflowId', 'step', 'actor']),
  event_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX transfer_workflow_idx ON ledger.transfer ((cause ->> 'workflowId'));
CREATE INDEX transfer_hold_idx ON ledger.transfer (hold_id) WHERE hold_id IS NOT NULL;

-- No foreign key on account_id: its check would take a share lock on the system account's row, the one row that every
-- purchase touches. The audit proves that each entry's account exists.
CREATE TABLE ledger.entry (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  transfer_id bigint NOT NULL REFERENCES ledger.transfer,
  account_id bigint NOT NULL,
  wallet_id bigint,
  asset text NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor <> 0),
  balance_after_minor bigint,
  wallet_balance_after_minor bigint,
  account_version bigint,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX entry_transfer_idx ON ledger.entry (transfer_id);
-- By transfer, whose ids grow with time within a wallet: a history pages along it without reading what came before.
CREATE INDEX entry_wallet_idx ON ledger.entry (wallet_id, transfer_id, id) WHERE wallet_id IS NOT NULL;
CREATE INDEX entry_account_idx ON ledger.entry (account_id, xid);
CREATE INDEX entry_xid_idx ON ledger.entry (xid);

-- One space of keys for all verbs. The first answer is given again for the same key and request.
CREATE TABLE ledger.request (
  key text PRIMARY KEY,
  verb text NOT NULL,
  request_hash bytea NOT NULL,
  answer jsonb NOT NULL,
  recorded_at timestamptz NOT NULL
);

-- Balances of system accounts over all entries whose transaction is older than `before_xid`.
CREATE TABLE ledger.balance_snapshot (
  account_id bigint NOT NULL,
  before_xid xid8 NOT NULL,
  balance_minor numeric NOT NULL,
  taken_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (account_id, before_xid)
);

-- Tamper evidence: block n covers the entries with from_xid <= xid < before_xid and carries the hash of block n - 1.
-- `leaves` holds one leaf per entry (8 bytes of id, 32 of hash), so that the audit can name the row that was changed.
CREATE TABLE ledger.block (
  number bigint PRIMARY KEY,
  from_xid xid8 NOT NULL,
  before_xid xid8 NOT NULL,
  entry_count bigint NOT NULL,
  leaves bytea NOT NULL,
  entries_hash bytea NOT NULL,
  previous_hash bytea NOT NULL,
  hash bytea NOT NULL,
  sealed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TYPE ledger.posting AS (account_id bigint, asset text, amount_minor bigint, held_delta_minor bigint);

CREATE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger.% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE ON ledger.entry
  FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER transfer_append_only BEFORE UPDATE OR DELETE ON ledger.transfer
  FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER request_append_only BEFORE UPDATE OR DELETE ON ledger.request
  FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER block_append_only BEFORE UPDATE OR DELETE ON ledger.block
  FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER entry_no_truncate BEFORE TRUNCATE ON ledger.entry
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER transfer_no_truncate BEFORE TRUNCATE ON ledger.transfer
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER request_no_truncate BEFORE TRUNCATE ON ledger.request
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER block_no_truncate BEFORE TRUNCATE ON ledger.block
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER hold_no_truncate BEFORE TRUNCATE ON ledger.hold
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER hold_never_deleted BEFORE DELETE ON ledger.hold
  FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();

-- All entries of a transfer are inserted by one statement, so this sees each transfer whole.
CREATE FUNCTION ledger.check_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  unbalanced record;
BEGIN
  SELECT transfer_id, asset, sum(amount_minor) AS off INTO unbalanced
  FROM inserted GROUP BY transfer_id, asset HAVING sum(amount_minor) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'transfer % is off by % %', unbalanced.transfer_id, unbalanced.off, unbalanced.asset
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER entry_balanced AFTER INSERT ON ledger.entry REFERENCING NEW TABLE AS inserted
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.check_balanced();
