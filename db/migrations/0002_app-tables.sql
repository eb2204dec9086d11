-- People, logins, orders of the flows, inbox, outbox, cases: the business tables, written by the application role.

CREATE SCHEMA app;
GRANT USAGE ON SCHEMA app TO holdfast_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO holdfast_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT USAGE ON SEQUENCES TO holdfast_app;

CREATE TABLE app.users (
  id uuid PRIMARY KEY,
  telegram_id bigint NOT NULL UNIQUE,
  first_name text NOT NULL,
  last_name text,
  username text,
  language text NOT NULL DEFAULT 'en',
  roles text[] NOT NULL DEFAULT '{}',
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'banned')),
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now()
);

-- A login is one family of refresh tokens. A token is kept as its hash; its successor's hash links the chain.
CREATE TABLE app.login (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES app.users,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz,
  revoke_reason text
);
CREATE TABLE app.refresh_token (
  token_hash bytea PRIMARY KEY,
  login_id uuid NOT NULL REFERENCES app.login,
  issued_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  successor_hash bytea
);
CREATE INDEX refresh_token_login_idx ON app.refresh_token (login_id);

-- Filled from core/flows at every migration: a move that does not stand there cannot be written.
CREATE TABLE app.legal_move (
  flow text NOT NULL,
  from_status text NOT NULL,
  to_status text NOT NULL,
  PRIMARY KEY (flow, from_status, to_status)
);

CREATE TABLE app.topup (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES app.users,
  request_hash bytea NOT NULL,
  status text NOT NULL DEFAULT 'accepted',
  pack_id text NOT NULL,
  title text NOT NULL,
  provider text NOT NULL,
  catalogue_version text NOT NULL,
  price_minor bigint NOT NULL CHECK (price_minor > 0),
  price_asset text NOT NULL,
  grants_minor bigint NOT NULL CHECK (grants_minor > 0),
  grants_asset text NOT NULL,
  payment_id text,
  pay_url text,
  pay_expires_at timestamptz,
  credited_payment_id text,
  failure_code text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (provider, payment_id)
);
CREATE INDEX topup_user_idx ON app.topup (user_id, created_at DESC);
CREATE INDEX topup_credited_payment_idx ON app.topup (provider, credited_payment_id);
CREATE INDEX topup_accepted_idx ON app.topup (created_at) WHERE status = 'accepted';

-- Each create request to a payment provider, byte for byte, so that a repeat is identical.
CREATE TABLE app.payment_request (
  key text PRIMARY KEY,
  topup_id uuid NOT NULL REFERENCES app.topup,
  attempt int NOT NULL,
  body text NOT NULL,
  first_sent_at timestamptz NOT NULL DEFAULT now(),
  outcome text NOT NULL DEFAULT 'sending' CHECK (outcome IN ('sending', 'done', 'refused', 'given_up')),
  UNIQUE (topup_id, attempt)
);

CREATE TABLE app.generation (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES app.users,
  request_hash bytea NOT NULL,
  status text NOT NULL DEFAULT 'accepted',
  provider text NOT NULL,
  model_id text NOT NULL,
  catalogue_version text NOT NULL,
  price_minor bigint NOT NULL CHECK (price_minor > 0),
  unit_price_minor bigint NOT NULL CHECK (unit_price_minor > 0),
  price_asset text NOT NULL,
  pictures int NOT NULL CHECK (pictures > 0),
  provider_model text NOT NULL,
  provider_options jsonb NOT NULL,
  image_field text,
  image_ids uuid[] NOT NULL DEFAULT '{}',
  prompt_excerpt text NOT NULL,
  progress int,
  captured_minor bigint,
  failure_code text,
  failure_detail text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX generation_user_idx ON app.generation (user_id, created_at DESC, id);
CREATE INDEX generation_accepted_idx ON app.generation (created_at) WHERE status = 'accepted';

CREATE TABLE app.generation_prompt (
  generation_id uuid PRIMARY KEY REFERENCES app.generation,
  prompt text NOT NULL
);

-- One request to a provider that knows no idempotency key. `sending` is committed just before the request leaves, so an
-- activity that starts and finds it there knows that the outcome is unknown. The token is the unguessable part of the
-- callback's address.
CREATE TABLE app.generation_attempt (
  id uuid PRIMARY KEY,
  generation_id uuid NOT NULL REFERENCES app.generation,
  number int NOT NULL,
  token text NOT NULL UNIQUE,
  state text NOT NULL DEFAULT 'prepared' CHECK (state IN ('prepared', 'sending', 'accepted', 'refused', 'unknown')),
  task_id text,
  sending_at timestamptz,
  refused_code text,
  refused_message text,
  not_sent_count int NOT NULL DEFAULT 0,
  provider_credits numeric,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (generation_id, number)
);
CREATE UNIQUE INDEX generation_attempt_task_idx ON app.generation_attempt (task_id) WHERE task_id IS NOT NULL;

CREATE INDEX generation_attempt_unanswered_idx ON app.generation_attempt (generation_id)
  WHERE state IN ('sending', 'unknown');

CREATE TABLE app.generation_result (
  generation_id uuid NOT NULL REFERENCES app.generation,
  position int NOT NULL,
  blob_key text NOT NULL,
  mime text NOT NULL,
  bytes int NOT NULL,
  late boolean NOT NULL DEFAULT false,
  stored_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (generation_id, position)
);

CREATE INDEX generation_result_late_idx ON app.generation_result (generation_id) WHERE late;

CREATE TABLE app.image (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES app.users,
  blob_key text NOT NULL,
  mime text NOT NULL,
  width int NOT NULL,
  height int NOT NULL,
  bytes int NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX image_user_idx ON app.image (user_id);
CREATE INDEX image_due_idx ON app.image (expires_at);

-- Facts from outside, stored under the sender's own event id before they are answered.
CREATE TABLE app.inbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source text NOT NULL,
  dedupe_key text NOT NULL,
  stream_key text NOT NULL,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'set_aside')),
  attempts int NOT NULL DEFAULT 0,
  deliveries int NOT NULL DEFAULT 1,
  -- The ids that delivery needs, taken out at the door; the body is kept as evidence.
  fact jsonb NOT NULL,
  body text NOT NULL,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  last_error text,
  received_at timestamptz NOT NULL DEFAULT now(),
  done_at timestamptz,
  UNIQUE (source, dedupe_key)
);
CREATE INDEX inbox_pending_idx ON app.inbox (stream_key, id) WHERE state = 'pending';

CREATE TABLE app.stream (
  topic text PRIMARY KEY,
  last_seq bigint NOT NULL DEFAULT 0
);

-- What people are told and screens are shown, written in the transaction of the fact. Ids and kind only: the text is
-- made when it is sent.
CREATE TABLE app.outbox (
  topic text NOT NULL,
  seq bigint NOT NULL,
  user_id uuid REFERENCES app.users,
  kind text NOT NULL,
  data jsonb NOT NULL,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sending', 'sent', 'unsure', 'dropped')),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (topic, seq)
);
CREATE INDEX outbox_pending_idx ON app.outbox (created_at) WHERE state = 'pending';

-- Cases: what a person must look at, with the evidence.
CREATE TABLE app.attention (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key text NOT NULL UNIQUE,
  kind text NOT NULL,
  workflow_id text,
  user_id uuid,
  evidence jsonb NOT NULL,
  opened_at timestamptz NOT NULL DEFAULT now(),
  closed_at timestamptz,
  closed_by text
);
CREATE INDEX attention_open_idx ON app.attention (opened_at) WHERE closed_at IS NULL;

-- The table of the rate limiter (its own columns and names).
CREATE TABLE app.rate_limit (
  key varchar(255) PRIMARY KEY,
  points integer NOT NULL DEFAULT 0,
  expire bigint
);
CREATE INDEX rate_limit_expire_idx ON app.rate_limit (expire);

CREATE FUNCTION app.check_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM app.legal_move
    WHERE flow = TG_TABLE_NAME AND from_status = OLD.status AND to_status = NEW.status
  ) THEN
    RAISE EXCEPTION 'illegal move of % %: % -> %', TG_TABLE_NAME, OLD.id, OLD.status, NEW.status
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER topup_move BEFORE UPDATE OF status ON app.topup
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION app.check_move();
CREATE TRIGGER generation_move BEFORE UPDATE OF status ON app.generation
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION app.check_move();
