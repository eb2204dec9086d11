-- The pace of messages to Telegram, kept by all bot processes together.
-- Unlogged: a turn costs no flush, and after a crash of the server the pace begins anew.

-- One row: when the last messages left, until when nothing may leave, and who waits that is more urgent than others.
CREATE UNLOGGED TABLE app.send_window (
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  sent_at timestamptz[] NOT NULL DEFAULT '{}',
  paused_until timestamptz NOT NULL DEFAULT '-infinity',
  replies_wait_until timestamptz NOT NULL DEFAULT '-infinity',
  notices_wait_until timestamptz NOT NULL DEFAULT '-infinity'
);

-- Messages that may leave at once to a chat, as of a moment.
CREATE UNLOGGED TABLE app.send_chat (
  chat_id bigint PRIMARY KEY,
  tokens double precision NOT NULL,
  at timestamptz NOT NULL,
  paused_until timestamptz NOT NULL DEFAULT '-infinity'
);
