-- The bot sells Stars and Premium: proposals of them, and the one message in a chat that shows how a purchase goes.

ALTER TABLE app.bot_draft DROP CONSTRAINT bot_draft_kind_check;
ALTER TABLE app.bot_draft ADD CONSTRAINT bot_draft_kind_check CHECK (kind IN ('generation', 'topup', 'stars'));

CREATE TABLE app.star_status_message (
  purchase_id uuid PRIMARY KEY REFERENCES app.star_purchase,
  chat_id bigint NOT NULL,
  message_id bigint NOT NULL,
  -- What it shows: the purchase's status as it was.
  shown text,
  -- `live`: kept up to date; `done`: shows the end; `gone`: cannot be edited, so news go out as messages.
  state text NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'done', 'gone')),
  edit_after timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX star_status_message_live_idx ON app.star_status_message (edit_after) WHERE state = 'live';
