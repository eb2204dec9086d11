-- Stars and Premium for a username: quotes, purchases, the payments that our wallet makes for them, and its messages.

-- What the provider asked at one moment, with our price; valid for a while, and for one purchase. The row is there
-- before the provider is asked, so that no name stands in a workflow's history.
CREATE TABLE app.star_quote (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES app.users,
  kind text NOT NULL CHECK (kind IN ('stars', 'premium')),
  quantity int NOT NULL CHECK (quantity > 0),
  recipient text NOT NULL,
  provider text NOT NULL,
  catalogue_version text NOT NULL,
  recipient_name text,
  provider_price_nano bigint CHECK (provider_price_nano > 0),
  price_minor bigint CHECK (price_minor > 0),
  price_asset text,
  -- What the payment may cost us at most: beyond it the person is asked again.
  budget_nano bigint CHECK (budget_nano > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  CHECK (num_nulls(recipient_name, provider_price_nano, price_minor, price_asset, budget_nano, expires_at) IN (0, 6))
);
CREATE INDEX star_quote_due_idx ON app.star_quote (created_at);

CREATE TABLE app.star_purchase (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES app.users,
  request_hash bytea NOT NULL,
  status text NOT NULL DEFAULT 'accepted',
  -- Two keys over one quote are two taps of one person: the quote buys once.
  quote_id uuid NOT NULL UNIQUE REFERENCES app.star_quote,
  kind text NOT NULL CHECK (kind IN ('stars', 'premium')),
  quantity int NOT NULL CHECK (quantity > 0),
  recipient text NOT NULL,
  recipient_name text NOT NULL,
  show_sender boolean NOT NULL,
  provider text NOT NULL,
  catalogue_version text NOT NULL,
  price_minor bigint NOT NULL CHECK (price_minor > 0),
  price_asset text NOT NULL,
  -- What the payment may cost us at most: beyond it the person is asked again.
  budget_nano bigint NOT NULL CHECK (budget_nano > 0),
  -- Its price is above the limit over which two operators must decide alike.
  needs_two boolean NOT NULL,
  failure_code text,
  failure_detail text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  reserved_at timestamptz,
  signed_at timestamptz,
  paid_at timestamptz,
  ended_at timestamptz,
  -- How often it was parked: decisions are about one parking.
  parked_count int NOT NULL DEFAULT 0
);
CREATE INDEX star_purchase_user_idx ON app.star_purchase (user_id, created_at DESC, id);
CREATE INDEX star_purchase_accepted_idx ON app.star_purchase (created_at) WHERE status = 'accepted';
CREATE INDEX star_purchase_open_idx ON app.star_purchase (created_at)
  WHERE status IN ('accepted', 'reserved', 'signed', 'paid', 'needs_attention');

CREATE TRIGGER star_purchase_move BEFORE UPDATE OF status ON app.star_purchase
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION app.check_move();

-- A signed message of our wallet, byte for byte, stored before it leaves. It is sent again as it stands, and never
-- signed anew, until the chain has decided: executed, or dead.
CREATE TABLE app.wallet_message (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  wallet text NOT NULL,
  seqno bigint NOT NULL CHECK (seqno >= 0),
  valid_until bigint NOT NULL,
  boc bytea NOT NULL,
  raw_hash text NOT NULL UNIQUE,
  normalized_hash text NOT NULL,
  state text NOT NULL DEFAULT 'signed' CHECK (state IN ('signed', 'executed', 'dead')),
  evidence jsonb,
  signed_at timestamptz NOT NULL DEFAULT now(),
  decided_at timestamptz
);
CREATE UNIQUE INDEX wallet_message_undecided_idx ON app.wallet_message (wallet) WHERE state = 'signed';
-- A dead message leaves its number to another.
CREATE UNIQUE INDEX wallet_message_seqno_idx ON app.wallet_message (wallet, seqno) WHERE state <> 'dead';

-- One payment to Fragment for one purchase, as its link asked for it.
CREATE TABLE app.star_payment (
  id uuid PRIMARY KEY,
  purchase_id uuid NOT NULL REFERENCES app.star_purchase,
  attempt int NOT NULL,
  wallet text NOT NULL,
  state text NOT NULL DEFAULT 'prepared' CHECK (state IN ('prepared', 'signed', 'paid', 'not_paid', 'dropped')),
  request_id text NOT NULL,
  ref text NOT NULL,
  destination text NOT NULL,
  amount_nano bigint NOT NULL CHECK (amount_nano > 0),
  payload bytea NOT NULL,
  body_hash text NOT NULL,
  -- Fragment's own limit, unix seconds.
  valid_until bigint NOT NULL,
  message_id bigint REFERENCES app.wallet_message,
  position int,
  prepared_at timestamptz NOT NULL DEFAULT now(),
  -- The line of the provider's history that speaks of this payment; no line speaks of two.
  delivery_key text UNIQUE,
  UNIQUE (purchase_id, attempt),
  UNIQUE (message_id, position),
  CHECK ((message_id IS NULL) = (position IS NULL)),
  CHECK ((message_id IS NULL) = (state IN ('prepared', 'dropped')))
);
-- One live payment per purchase: what may have been paid is never paid again.
CREATE UNIQUE INDEX star_payment_live_idx ON app.star_payment (purchase_id)
  WHERE state IN ('prepared', 'signed', 'paid');
CREATE INDEX star_payment_prepared_idx ON app.star_payment (wallet, prepared_at) WHERE state = 'prepared';

-- What operators decided about a case; above a limit two of them must say the same.
CREATE TABLE app.star_decision (
  purchase_id uuid NOT NULL REFERENCES app.star_purchase,
  -- The parking that the decision is about: a later one asks anew.
  round int NOT NULL,
  operator_id uuid NOT NULL REFERENCES app.users,
  decision text NOT NULL CHECK (decision IN ('delivered', 'not_delivered', 'retry')),
  reason text NOT NULL,
  decided_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (purchase_id, round, operator_id)
);
