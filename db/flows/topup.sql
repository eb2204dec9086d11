-- The moves of a top-up. Each locks the order's row, does nothing when the move is no longer legal (and answers the
-- present status), and writes what the person is told in the same transaction.

-- creating -> awaiting_payment: the provider knows the payment. A top-up that was canceled meanwhile keeps the
-- payment's id, since the person may still pay it.
CREATE OR REPLACE FUNCTION app.topup_await(
  p_topup uuid, p_payment text, p_pay_url text, p_pay_expires_at timestamptz
) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  existing app.topup;
  before text;
BEGIN
  SELECT * INTO STRICT existing FROM app.topup WHERE id = p_topup FOR NO KEY UPDATE;
  before := existing.status;
  UPDATE app.topup
  SET payment_id = p_payment, pay_url = p_pay_url, pay_expires_at = p_pay_expires_at, updated_at = now(),
    status = CASE WHEN app.may_move('topup', existing.status, 'awaiting_payment') THEN 'awaiting_payment'
      ELSE existing.status END
  WHERE id = p_topup RETURNING * INTO existing;
  IF existing.status <> before THEN
    PERFORM app.announce(existing.user_id, 'topup.' || existing.status,
                         jsonb_build_object('topupId', existing.id, 'status', existing.status));
  END IF;
  RETURN existing.status;
END $$;

-- -> credited: the ledger's credit under the payment's own key. A second paid payment of one top-up is credited once of
-- its own, and opens a case. Answers what the ledger answered, with the order's `status`; `refunded` when the money has
-- gone back meanwhile, or goes. `p_grants` is what is credited where more or less was received than the order's price;
-- what was received is what the legs defer.
CREATE OR REPLACE FUNCTION app.topup_credit(
  p_topup uuid, p_payment text, p_key text, p_legs jsonb, p_cause jsonb, p_event_at timestamptz,
  p_grants bigint DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  existing app.topup;
  answer jsonb;
  granted bigint;
  received bigint;
BEGIN
  SELECT * INTO STRICT existing FROM app.topup WHERE id = p_topup FOR NO KEY UPDATE;
  granted := coalesce(p_grants, existing.grants_minor);
  SELECT -sum((leg ->> 'amountMinor')::bigint) INTO received FROM jsonb_array_elements(p_legs) leg
  WHERE leg ->> 'account' = 'deferred';
  -- Money that went back before it was credited, or is about to, is credited no more: what is spent before the refund
  -- takes it back would be lost.
  IF existing.status <> 'credited' AND EXISTS (
    SELECT 1 FROM app.telegram_payment p JOIN app.refund r ON r.charge_id = p.charge_id
    WHERE p.topup_id = p_topup AND p.role = 'payment' AND p.payload = p_payment
  ) THEN
    RETURN jsonb_build_object('outcome', 'refunded', 'replayed', false, 'status', existing.status);
  END IF;
  answer := ledger.credit(p_key, existing.user_id, existing.grants_asset, granted, 'paid', NULL,
                          'issued:' || existing.grants_asset, p_legs, p_cause, p_event_at);
  IF answer ->> 'outcome' = 'credited' AND NOT (answer ->> 'replayed')::boolean THEN
    IF existing.status = 'credited' THEN
      PERFORM app.open_case('second-payment/' || p_key, 'second_payment', p_cause ->> 'workflowId', existing.user_id,
        jsonb_build_object('topupId', existing.id, 'firstPaymentId', existing.credited_payment_id,
                           'paymentId', p_payment));
    ELSE
      UPDATE app.topup SET status = 'credited', credited_payment_id = p_payment, failure_code = NULL,
        updated_at = now(), credited_minor = nullif(granted, existing.grants_minor),
        received_minor = nullif(received, existing.price_minor)
      WHERE id = p_topup;
    END IF;
    PERFORM app.tell(existing.user_id, 'topup.credited', jsonb_build_object(
      'topupId', existing.id, 'amountMinor', granted::text, 'asset', existing.grants_asset,
      'transferId', answer ->> 'transferId'));
  END IF;
  RETURN answer || jsonb_build_object('status', (SELECT status FROM app.topup WHERE id = p_topup));
END $$;

-- -> canceled or expired: no money moved.
CREATE OR REPLACE FUNCTION app.topup_close(p_topup uuid, p_status text, p_failure text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  existing app.topup;
BEGIN
  SELECT * INTO STRICT existing FROM app.topup WHERE id = p_topup FOR NO KEY UPDATE;
  IF NOT app.may_move('topup', existing.status, p_status) THEN RETURN existing.status; END IF;
  UPDATE app.topup SET status = p_status, failure_code = p_failure, updated_at = now() WHERE id = p_topup;
  PERFORM app.tell(existing.user_id, 'topup.' || p_status,
                   jsonb_build_object('topupId', existing.id, 'code', p_failure));
  RETURN p_status;
END $$;

-- -> needs_attention: something about the payment is not what was ordered; a person decides.
CREATE OR REPLACE FUNCTION app.topup_flag(p_topup uuid, p_failure text, p_workflow text, p_evidence jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  existing app.topup;
BEGIN
  SELECT * INTO STRICT existing FROM app.topup WHERE id = p_topup FOR NO KEY UPDATE;
  PERFORM app.open_case(format('topup/%s/%s/%s', existing.id, p_failure, p_evidence ->> 'paymentId'),
                        p_failure, p_workflow, existing.user_id, p_evidence);
  IF NOT app.may_move('topup', existing.status, 'needs_attention') THEN RETURN existing.status; END IF;
  UPDATE app.topup SET status = 'needs_attention', failure_code = p_failure, updated_at = now() WHERE id = p_topup;
  PERFORM app.tell(existing.user_id, 'topup.needs_attention',
                   jsonb_build_object('topupId', existing.id, 'code', p_failure));
  RETURN 'needs_attention';
END $$;
