-- Money that Telegram took for us in a chat, and what of it goes back.

-- One row per charge. `payment`: it is the one that its top-up waits for. `surplus`: the top-up had been paid.
-- `unclaimed`: its payload is no top-up of the person who paid.
CREATE TABLE app.telegram_payment (
  charge_id text PRIMARY KEY,
  provider text NOT NULL CHECK (provider IN ('stars', 'telegram-card')),
  payload text NOT NULL,
  role text NOT NULL CHECK (role IN ('payment', 'surplus', 'unclaimed')),
  topup_id uuid REFERENCES app.topup,
  telegram_id bigint NOT NULL,
  currency text NOT NULL,
  amount_minor bigint NOT NULL,
  provider_charge_id text,
  paid_at timestamptz NOT NULL,
  -- Whether Telegram told us, or we found it in its list of transactions.
  found_by text NOT NULL CHECK (found_by IN ('update', 'sweep')),
  recorded_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((topup_id IS NULL) = (role = 'unclaimed'))
);
CREATE UNIQUE INDEX telegram_payment_of_topup_idx ON app.telegram_payment (topup_id) WHERE role = 'payment';
CREATE INDEX telegram_payment_topup_idx ON app.telegram_payment (topup_id);

-- The return of one charge, whole: Telegram knows no part of one.
CREATE TABLE app.refund (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  charge_id text NOT NULL UNIQUE REFERENCES app.telegram_payment,
  provider text NOT NULL,
  topup_id uuid REFERENCES app.topup,
  user_id uuid REFERENCES app.users,
  status text NOT NULL DEFAULT 'accepted',
  reason text NOT NULL CHECK (reason IN ('operator', 'second_payment', 'returned_by_provider')),
  asked_by text NOT NULL,
  -- The operator wants it although the credits are spent.
  forced boolean NOT NULL DEFAULT false,
  -- What the person had to give back, and what of it was spent and is our loss.
  taken_back_minor bigint,
  written_off_minor bigint,
  -- When the provider said by itself that the money has gone back.
  confirmed_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX refund_topup_idx ON app.refund (topup_id);
CREATE TRIGGER refund_move BEFORE UPDATE OF status ON app.refund
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION app.check_move();
