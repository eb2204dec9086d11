-- Indexes for reads that must not grow with what lies behind.
-- They serve the place of an order in its model's queue, a person's orders that are under way or came to nothing, and
-- what came into a wallet.

CREATE INDEX generation_queue_idx ON app.generation (model_id, created_at, id)
  WHERE status IN ('accepted', 'reserved', 'submitted');
CREATE INDEX generation_open_idx ON app.generation (user_id, created_at DESC, id DESC)
  WHERE status IN ('accepted', 'reserved', 'submitted', 'running', 'needs_attention');
CREATE INDEX generation_not_made_idx ON app.generation (user_id, created_at DESC, id DESC)
  WHERE status IN ('refused', 'failed', 'canceled');

-- Charges, which are many, do not touch this one; they are found by entry_wallet_idx.
CREATE INDEX entry_incoming_idx ON ledger.entry (wallet_id, transfer_id)
  WHERE wallet_id IS NOT NULL AND amount_minor > 0;

-- It has another parameter now: ledger/sql/30-views.sql.
DROP FUNCTION IF EXISTS ledger.transactions_before(uuid, text, bigint, int);
