-- The wrappers run with the caller's rights, so the ledger's own grants still decide what they can do to money.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA app FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA app TO holdfast_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA app TO holdfast_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA app TO holdfast_app;
REVOKE INSERT, UPDATE, DELETE ON app.legal_move FROM holdfast_app;
REVOKE DELETE ON app.topup, app.generation, app.payment_request, app.generation_attempt, app.inbox, app.outbox,
  app.attention, app.users, app.telegram_payment, app.refund, app.star_purchase,
  app.star_payment, app.wallet_message, app.star_decision FROM holdfast_app;
-- The trail of operators: rows are added, and their answers filled in once.
REVOKE UPDATE, DELETE ON app.operator_action FROM holdfast_app;
GRANT UPDATE (answer, answered_at) ON app.operator_action TO holdfast_app;
