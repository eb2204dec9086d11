-- The moves of a refund. Locks: the top-up, the refund, then the wallet.

-- Asks for the refund of a charge: the first time births it, later it is woken, and an operator's word opens one again
-- that stopped before spent credits. The fact in the inbox starts its saga. Answers {refundId, status}; NULL when there
-- is no such charge.
CREATE OR REPLACE FUNCTION app.refund_ask(p_charge text, p_reason text, p_by text, p_forced boolean) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  paid app.telegram_payment;
  wanted app.refund;
BEGIN
  SELECT * INTO paid FROM app.telegram_payment WHERE charge_id = p_charge;
  IF NOT FOUND THEN RETURN NULL; END IF;
  PERFORM 1 FROM app.topup WHERE id = paid.topup_id FOR NO KEY UPDATE;
  INSERT INTO app.refund (charge_id, provider, topup_id, user_id, reason, asked_by)
  VALUES (p_charge, paid.provider, paid.topup_id, coalesce(
    (SELECT user_id FROM app.topup WHERE id = paid.topup_id),
    (SELECT id FROM app.users WHERE telegram_id = paid.telegram_id)), p_reason, p_by)
  ON CONFLICT (charge_id) DO NOTHING;
  SELECT * INTO STRICT wanted FROM app.refund WHERE charge_id = p_charge FOR NO KEY UPDATE;
  IF p_reason = 'operator' AND wanted.status IN ('accepted', 'needs_attention') THEN
    UPDATE app.refund
    SET status = 'accepted', asked_by = p_by, forced = forced OR p_forced, updated_at = now()
    WHERE id = wanted.id RETURNING * INTO wanted;
  END IF;
  IF wanted.status IN ('accepted', 'returning') THEN
    INSERT INTO app.inbox AS i (source, dedupe_key, stream_key, fact, body)
    VALUES ('refund', wanted.id::text, 'refund/' || wanted.id, jsonb_build_object(
      'kind', 'refund', 'provider', wanted.provider, 'refundId', wanted.id), '{}')
    ON CONFLICT (source, dedupe_key) DO UPDATE
    SET deliveries = i.deliveries + 1, state = 'pending', attempts = 0, next_attempt_at = now();
  END IF;
  RETURN jsonb_build_object('refundId', wanted.id, 'status', wanted.status);
END $$;

-- accepted -> returning: what the charge's top-up credited is reversed. One that credited nothing is closed instead,
-- and can be credited no more. Spent credits stop the refund before a person (needs_attention), unless it is forced:
-- then what is missing is written off, never owed. Returns the status that stands.
CREATE OR REPLACE FUNCTION app.refund_take_back(p_refund uuid, p_key text, p_cause jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  ordered app.topup;
  wanted app.refund;
  is_payment boolean;
  credit_transfer bigint;
  answer jsonb;
  missing bigint := 0;
  -- What a list of transactions finds the title by.
  because jsonb;
BEGIN
  SELECT t.* INTO ordered FROM app.refund r JOIN app.topup t ON t.id = r.topup_id WHERE r.id = p_refund
  FOR NO KEY UPDATE OF t;
  SELECT * INTO STRICT wanted FROM app.refund WHERE id = p_refund FOR NO KEY UPDATE;
  IF wanted.status <> 'accepted' THEN RETURN wanted.status; END IF;
  is_payment := EXISTS (SELECT 1 FROM app.telegram_payment WHERE charge_id = wanted.charge_id AND role = 'payment');

  IF is_payment THEN
    credit_transfer := ledger.transfer_of(format('credit/%s/%s', wanted.provider, ordered.id));
    IF credit_transfer IS NULL AND app.may_move('topup', ordered.status, 'canceled') THEN
      UPDATE app.topup SET status = 'canceled', failure_code = 'payment_canceled', updated_at = now()
      WHERE id = ordered.id;
    END IF;
  END IF;
  IF credit_transfer IS NOT NULL THEN
    because := jsonb_build_object('provider', wanted.provider, 'providerRef', ordered.id);
    answer := ledger.reverse(p_key, credit_transfer, p_cause || because);
    IF answer ->> 'outcome' = 'insufficient_funds' AND wanted.forced THEN
      -- The refused reversal has locked the wallet, so nothing is spent while we count.
      missing := ordered.grants_minor - (
        SELECT coalesce(sum(available_minor), 0) FROM ledger.bucket_balance
        WHERE owner_id = ordered.user_id AND asset = ordered.grants_asset AND bucket = 'paid' AND expires_at IS NULL);
      PERFORM ledger.credit(p_key || '/write-off', ordered.user_id, ordered.grants_asset, missing, 'paid', NULL,
        'written_off:' || ordered.grants_asset, '[]', p_cause || '{"step": "write-off"}');
      answer := ledger.reverse(p_key, credit_transfer, p_cause || because);
    END IF;
    IF answer ->> 'outcome' = 'insufficient_funds' THEN
      UPDATE app.refund SET status = 'needs_attention', updated_at = now() WHERE id = p_refund;
      PERFORM app.open_case('refund-blocked/' || p_refund, 'refund_blocked', 'refund/' || p_refund, ordered.user_id,
        jsonb_build_object('topupId', ordered.id, 'chargeId', wanted.charge_id,
                           'grantsMinor', ordered.grants_minor::text, 'reason', wanted.reason));
      RETURN 'needs_attention';
    END IF;
    IF answer ->> 'outcome' NOT IN ('reversed', 'already_reversed') THEN
      RAISE EXCEPTION 'the credit of % cannot be reversed: %', ordered.id, answer USING ERRCODE = 'check_violation';
    END IF;
  END IF;

  UPDATE app.refund
  SET status = 'returning', updated_at = now(), written_off_minor = missing,
    taken_back_minor = CASE WHEN credit_transfer IS NULL THEN 0 ELSE ordered.grants_minor END
  WHERE id = p_refund;
  IF credit_transfer IS NOT NULL THEN PERFORM app.announce(ordered.user_id, 'balance.changed', '{}'); END IF;
  RETURN 'returning';
END $$;

-- returning -> refunded: the provider has confirmed that the money is back with the person, who is told.
CREATE OR REPLACE FUNCTION app.refund_finish(p_refund uuid) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  wanted app.refund;
  paid app.telegram_payment;
BEGIN
  SELECT * INTO STRICT wanted FROM app.refund WHERE id = p_refund FOR NO KEY UPDATE;
  IF wanted.status <> 'returning' THEN RETURN wanted.status; END IF;
  UPDATE app.refund SET status = 'refunded', updated_at = now() WHERE id = p_refund;
  UPDATE app.attention SET closed_at = now(), closed_by = 'refund/' || p_refund
  WHERE closed_at IS NULL AND workflow_id = 'refund/' || p_refund;
  IF wanted.user_id IS NOT NULL THEN
    SELECT * INTO STRICT paid FROM app.telegram_payment WHERE charge_id = wanted.charge_id;
    PERFORM app.tell(wanted.user_id, 'topup.refunded', jsonb_build_object(
      'refundId', p_refund, 'topupId', wanted.topup_id, 'reason', wanted.reason, 'amountMinor',
      paid.amount_minor::text, 'asset', paid.currency, 'takenBackMinor', wanted.taken_back_minor::text));
  END IF;
  RETURN 'refunded';
END $$;
