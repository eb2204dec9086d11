-- What Telegram tells the bot, stored before it is confirmed, and what the bot knows of the chats that it writes to.

-- The body is text and not jsonb: it is kept as it came, and jsonb refuses some of what people can write. Rows of one
-- stream are handled in the order of `seq`; update ids do not grow for ever.
CREATE TABLE app.bot_update (
  update_id bigint PRIMARY KEY,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  stream_key text NOT NULL,
  kind text NOT NULL,
  body text NOT NULL,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'set_aside')),
  attempts int NOT NULL DEFAULT 0,
  deliveries int NOT NULL DEFAULT 1,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  last_error text,
  received_at timestamptz NOT NULL DEFAULT now(),
  done_at timestamptz
);
CREATE INDEX bot_update_pending_idx ON app.bot_update (stream_key, seq) WHERE state = 'pending';
CREATE INDEX bot_update_done_idx ON app.bot_update (done_at) WHERE state = 'done';
CREATE INDEX bot_update_set_aside_idx ON app.bot_update (received_at) WHERE state = 'set_aside';

-- When Telegram said that nothing can be written to a person; cleared by the person's next update.
ALTER TABLE app.users ADD COLUMN chat_blocked_at timestamptz;

-- Chat messages out of the outbox: when the call began, and not before when it is tried again.
ALTER TABLE app.outbox ADD COLUMN sending_at timestamptz, ADD COLUMN send_after timestamptz;
CREATE INDEX outbox_unsent_idx ON app.outbox (topic, seq) WHERE state IN ('pending', 'sending');

-- The one message of a generation in a chat, edited while it goes on and turned into its picture at the end.
CREATE TABLE app.status_message (
  generation_id uuid PRIMARY KEY REFERENCES app.generation,
  chat_id bigint NOT NULL,
  message_id bigint NOT NULL,
  -- What it shows: the order's status and progress as they were.
  shown text,
  -- `live`: kept up to date; `done`: shows the end; `gone`: cannot be edited, so news go out as messages.
  state text NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'done', 'gone')),
  edit_after timestamptz NOT NULL DEFAULT now(),
  action_after timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX status_message_live_idx ON app.status_message (edit_after) WHERE state = 'live';

-- Pictures that a bot has uploaded once; a file id belongs to its bot.
CREATE TABLE app.telegram_file (
  blob_key text NOT NULL,
  bot_id bigint NOT NULL,
  file_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (blob_key, bot_id)
);
