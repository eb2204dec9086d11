-- Stores a fact for delivery, as `Inbox.store` does, in the transaction of what it tells.
CREATE OR REPLACE FUNCTION app.post_fact(p_source text, p_dedupe text, p_stream text, p_fact jsonb, p_body text)
RETURNS void
LANGUAGE sql AS $$
  INSERT INTO app.inbox AS i (source, dedupe_key, stream_key, fact, body)
  VALUES (p_source, p_dedupe, p_stream, p_fact, p_body)
  ON CONFLICT (source, dedupe_key) DO UPDATE SET
    deliveries = i.deliveries + 1,
    state = CASE WHEN i.state <> 'pending' AND app.is_fact_open(i.fact) THEN 'pending' ELSE i.state END,
    attempts = CASE WHEN i.state <> 'pending' THEN 0 ELSE i.attempts END,
    next_attempt_at = CASE WHEN i.state <> 'pending' THEN now() ELSE i.next_attempt_at END
$$;

-- Records a charge by its id, once, and decides under the top-up's lock what it is: the payment that the top-up waits
-- for (a fact for its saga), one too many (a case, and Stars go back by themselves), or nobody's (a case; nothing is
-- credited). What comes again under a known id is not looked at: the first row stands, and its saga is told once more.
-- Returns the charge's role.
CREATE OR REPLACE FUNCTION app.telegram_payment_take(
  p_charge text, p_provider text, p_payload text, p_telegram bigint, p_currency text, p_amount_minor bigint,
  p_provider_charge text, p_paid_at timestamptz, p_found_by text, p_body text
) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  ordered app.topup;
  taken app.telegram_payment;
  is_new boolean;
BEGIN
  IF p_payload ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' THEN
    SELECT t.* INTO ordered FROM app.topup t JOIN app.users u ON u.id = t.user_id
    WHERE t.id = p_payload::uuid AND t.provider = p_provider AND u.telegram_id = p_telegram
    FOR NO KEY UPDATE OF t;
  END IF;

  INSERT INTO app.telegram_payment (charge_id, provider, payload, role, topup_id, telegram_id, currency, amount_minor,
                                    provider_charge_id, paid_at, found_by)
  VALUES (p_charge, p_provider, p_payload, CASE WHEN ordered.id IS NULL THEN 'unclaimed'
      WHEN EXISTS (SELECT 1 FROM app.telegram_payment WHERE topup_id = ordered.id AND role = 'payment') THEN 'surplus'
      ELSE 'payment' END,
    ordered.id, p_telegram, p_currency, p_amount_minor, p_provider_charge, p_paid_at, p_found_by)
  ON CONFLICT (charge_id) DO NOTHING;
  is_new := FOUND;
  SELECT * INTO STRICT taken FROM app.telegram_payment WHERE charge_id = p_charge;

  IF taken.role = 'payment' THEN
    PERFORM app.post_fact(taken.provider, 'charge:' || p_charge, taken.provider || '/' || taken.payload,
      jsonb_build_object('kind', 'payment', 'provider', taken.provider, 'paymentId', taken.payload), p_body);
  ELSIF is_new AND taken.role = 'surplus' THEN
    PERFORM app.open_case(format('surplus-charge/%s/%s', taken.provider, p_charge), 'second_payment',
      'topup/' || ordered.id, ordered.user_id, app.charge_evidence(taken));
    IF taken.provider = 'stars' THEN PERFORM app.refund_ask(p_charge, 'second_payment', 'system', false); END IF;
  ELSIF is_new THEN
    PERFORM app.open_case(format('unclaimed-payment/%s/%s', taken.provider, p_charge), 'unclaimed_payment', NULL,
      (SELECT id FROM app.users WHERE telegram_id = p_telegram), app.charge_evidence(taken));
  END IF;
  RETURN taken.role;
END $$;

-- What a person needs to know of a charge to decide about it.
CREATE OR REPLACE FUNCTION app.charge_evidence(p_charge app.telegram_payment) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object('provider', p_charge.provider, 'chargeId', p_charge.charge_id,
    'payload', p_charge.payload, 'telegramId', p_charge.telegram_id::text, 'currency', p_charge.currency,
    'amountMinor', p_charge.amount_minor::text)
$$;

-- The provider says that a charge has gone back. Ours or not, the same refund takes back what was given for it.
CREATE OR REPLACE FUNCTION app.telegram_payment_returned(p_charge text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  answer jsonb;
BEGIN
  answer := app.refund_ask(p_charge, 'returned_by_provider', 'system', false);
  UPDATE app.refund SET confirmed_at = now(), updated_at = now() WHERE charge_id = p_charge AND confirmed_at IS NULL;
  RETURN answer;
END $$;
