-- What the bot knows of a chat for half an hour, the purchases that it has proposed, and who brought whom.

-- `data` is a pointer only: which scene, which draft. The living message outlives it, so that its keyboard can be taken
-- away when another takes its place.
CREATE TABLE app.bot_session (
  chat_id bigint PRIMARY KEY,
  data jsonb NOT NULL DEFAULT '{}',
  living_message_id bigint,
  living_kind text CHECK (living_kind IN ('text', 'picture')),
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- A purchase as the bot has proposed it, under the id that the order will have. Whatever changes in it gives it another
-- id, so that the button of an older proposal finds nothing.
CREATE TABLE app.bot_draft (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES app.users,
  kind text NOT NULL CHECK (kind IN ('generation', 'topup')),
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX bot_draft_age_idx ON app.bot_draft (updated_at);

-- Once for a person, at their first start, and never themselves.
CREATE TABLE app.referral (
  user_id uuid PRIMARY KEY REFERENCES app.users,
  inviter_id uuid NOT NULL REFERENCES app.users,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (user_id <> inviter_id)
);
CREATE INDEX referral_inviter_idx ON app.referral (inviter_id);
