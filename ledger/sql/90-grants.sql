-- The application may call the verbs and read the views. It can write no table, and call no inner function.
REVOKE ALL ON ALL TABLES IN SCHEMA ledger FROM PUBLIC, holdfast_app;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC, holdfast_app;
GRANT USAGE ON SCHEMA ledger TO holdfast_app;
GRANT SELECT ON ledger.bucket_balance, ledger.wallet_balance, ledger.transaction_log, ledger.hold_log TO holdfast_app;
GRANT EXECUTE ON FUNCTION
  ledger.reserve(text, uuid, text, bigint, interval, jsonb),
  ledger.extend(text, text, interval),
  ledger.capture(text, text, bigint, jsonb, timestamptz),
  ledger.release(text, text, jsonb),
  ledger.credit(text, uuid, text, bigint, text, timestamptz, text, jsonb, jsonb, timestamptz),
  ledger.transfer(text, uuid, uuid, text, bigint, jsonb, timestamptz),
  ledger.reverse(text, bigint, jsonb, timestamptz),
  ledger.expire(text, text, jsonb),
  ledger.claim_due_holds(int),
  ledger.expire_due_lots(int, jsonb),
  ledger.seal(int),
  ledger.snapshot_system_balances(),
  ledger.system_balance(text, text),
  ledger.transactions_before(uuid, text, text, bigint, int),
  ledger.balance_at(uuid, text, timestamptz),
  ledger.transfer_of(text),
  ledger.owners_moved()
TO holdfast_app;
