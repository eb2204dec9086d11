-- Facts for open screens only (`live`), and the number of each row's transaction, by which new rows are found.

ALTER TABLE app.outbox DROP CONSTRAINT outbox_state_check;
ALTER TABLE app.outbox ADD CONSTRAINT outbox_state_check
  CHECK (state IN ('pending', 'sending', 'sent', 'unsure', 'dropped', 'live'));

ALTER TABLE app.outbox ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX outbox_xid_idx ON app.outbox (xid);
CREATE INDEX outbox_live_idx ON app.outbox (created_at) WHERE state = 'live';
