-- The moves of a star purchase. Each locks the order's row first and the ledger's rows after it, and answers the
-- order's `status`; a move that is no longer legal changes nothing.

-- Shows a move that no message tells of to the person's open screens.
CREATE OR REPLACE FUNCTION app.star_purchase_show(p_purchase app.star_purchase) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM app.announce(p_purchase.user_id, 'star_purchase.' || p_purchase.status,
    jsonb_build_object('purchaseId', p_purchase.id, 'status', p_purchase.status));
END $$;

-- The same of several purchases, in the order of their owners' ids: this locks the owners' topics.
CREATE OR REPLACE FUNCTION app.star_purchases_show(p_purchases uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  purchase app.star_purchase;
BEGIN
  FOR purchase IN SELECT * FROM app.star_purchase WHERE id = ANY (p_purchases) ORDER BY user_id, id LOOP
    PERFORM app.star_purchase_show(purchase);
  END LOOP;
END $$;

-- accepted -> reserved | refused: the ledger's reserve. `already_reserved` with the status that stands when the funds
-- were held before, however long ago and by whatever code: a saga that begins anew finds its order as it is.
CREATE OR REPLACE FUNCTION app.star_purchase_reserve(
  p_purchase uuid, p_key text, p_ttl interval, p_cause jsonb
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  existing app.star_purchase;
  answer jsonb;
BEGIN
  SELECT * INTO STRICT existing FROM app.star_purchase WHERE id = p_purchase FOR NO KEY UPDATE;
  IF existing.status IN ('canceled', 'failed') THEN
    RETURN jsonb_build_object('outcome', 'order_closed', 'status', existing.status);
  END IF;
  -- A refusal is final for its order. The ledger keeps none, and would hold money that came in since.
  IF existing.status = 'refused' THEN
    RETURN jsonb_build_object('outcome', 'insufficient_funds', 'requiredMinor', existing.price_minor::text,
      'availableMinor', existing.failure_detail, 'replayed', true, 'status', existing.status);
  END IF;
  IF existing.status <> 'accepted' THEN
    RETURN jsonb_build_object('outcome', 'already_reserved', 'status', existing.status);
  END IF;
  answer := ledger.reserve(p_key, existing.user_id, existing.price_asset, existing.price_minor, p_ttl, p_cause);
  IF answer ->> 'outcome' = 'held' THEN
    UPDATE app.star_purchase SET status = 'reserved', reserved_at = now(), updated_at = now() WHERE id = p_purchase;
    existing.status := 'reserved';
  ELSIF answer ->> 'outcome' = 'insufficient_funds' THEN
    UPDATE app.star_purchase SET status = 'refused', failure_code = 'insufficient_funds', updated_at = now(),
      ended_at = now(), failure_detail = answer ->> 'availableMinor'
    WHERE id = p_purchase;
    existing.status := 'refused';
  ELSE
    RETURN answer || jsonb_build_object('status', existing.status);
  END IF;
  PERFORM app.star_purchase_show(existing);
  RETURN answer || jsonb_build_object('status', existing.status);
END $$;

-- Stores what Fragment's link asks our wallet to pay, so that the wallet's own saga can take it. Answers `prepared`
-- with the live payment's state (there may have been one already), `price_moved` when it is beyond the order's budget,
-- `request_taken` when another order pays for the same request, or `order_closed`.
CREATE OR REPLACE FUNCTION app.star_payment_prepare(p_purchase uuid, p_payment jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  existing app.star_purchase;
  live app.star_payment;
BEGIN
  SELECT * INTO STRICT existing FROM app.star_purchase WHERE id = p_purchase FOR NO KEY UPDATE;
  SELECT * INTO live FROM app.star_payment
  WHERE purchase_id = p_purchase AND state IN ('prepared', 'signed', 'paid');
  IF FOUND THEN
    RETURN jsonb_build_object('outcome', 'prepared', 'state', live.state, 'wallet', live.wallet);
  END IF;
  IF existing.status <> 'reserved' THEN RETURN '{"outcome": "order_closed"}'; END IF;
  IF (p_payment ->> 'amountNano')::bigint > existing.budget_nano THEN RETURN '{"outcome": "price_moved"}'; END IF;
  INSERT INTO app.star_payment (id, purchase_id, attempt, wallet, request_id, ref, destination, amount_nano, payload,
    body_hash, valid_until)
  VALUES ((p_payment ->> 'id')::uuid, p_purchase,
    (SELECT coalesce(max(attempt), 0) + 1 FROM app.star_payment WHERE purchase_id = p_purchase),
    p_payment ->> 'wallet', p_payment ->> 'requestId', p_payment ->> 'ref', p_payment ->> 'destination',
    (p_payment ->> 'amountNano')::bigint, decode(p_payment ->> 'payload', 'base64'), p_payment ->> 'bodyHash',
    (p_payment ->> 'validUntil')::bigint)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN '{"outcome": "request_taken"}'; END IF;
  RETURN jsonb_build_object('outcome', 'prepared', 'state', 'prepared', 'wallet', p_payment ->> 'wallet');
END $$;

-- Takes back a payment that nothing was signed for. Answers `dropped`, or `signed` when the message is there already.
CREATE OR REPLACE FUNCTION app.star_payment_drop(p_purchase uuid) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM app.star_purchase WHERE id = p_purchase FOR NO KEY UPDATE;
  UPDATE app.star_payment SET state = 'dropped' WHERE purchase_id = p_purchase AND state = 'prepared';
  RETURN CASE WHEN EXISTS (
    SELECT 1 FROM app.star_payment WHERE purchase_id = p_purchase AND state IN ('signed', 'paid')
  ) THEN 'signed' ELSE 'dropped' END;
END $$;

-- -> delivered: Fragment has delivered (or a person has evidence that it has); the hold is captured, whole.
CREATE OR REPLACE FUNCTION app.star_purchase_deliver(
  p_purchase uuid, p_key text, p_hold_key text, p_cause jsonb
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  existing app.star_purchase;
  answer jsonb;
BEGIN
  SELECT * INTO STRICT existing FROM app.star_purchase WHERE id = p_purchase FOR NO KEY UPDATE;
  IF existing.status <> 'delivered' AND NOT app.may_move('star_purchase', existing.status, 'delivered') THEN
    RETURN jsonb_build_object('outcome', 'order_closed', 'status', existing.status);
  END IF;
  answer := ledger.capture(p_key, p_hold_key, existing.price_minor, p_cause);
  IF answer ->> 'outcome' <> 'captured' OR existing.status = 'delivered' THEN
    RETURN answer || jsonb_build_object('status', existing.status);
  END IF;
  UPDATE app.star_purchase SET status = 'delivered', failure_code = NULL, updated_at = now(), ended_at = now()
  WHERE id = p_purchase;
  PERFORM app.star_purchase_close_case(p_purchase);
  PERFORM app.tell(existing.user_id, 'star_purchase.delivered', jsonb_build_object(
    'purchaseId', existing.id, 'chargedMinor', existing.price_minor::text, 'asset', existing.price_asset));
  RETURN answer || '{"status": "delivered"}';
END $$;

-- -> failed: the hold is released, whole. Also the undo of `reserve`, so it is safe when nothing was held. Refused with
-- `payment_live` while a payment is prepared, signed or paid: money that may have left us is never returned blindly.
-- `p_decided`: a person has decided that a parked purchase was not delivered. Then a payment that only waited is taken
-- back, and a hold whose money has gone back already is no hindrance: the buyer has it.
CREATE OR REPLACE FUNCTION app.star_purchase_fail(
  p_purchase uuid, p_key text, p_hold_key text, p_failure text, p_detail text, p_decided boolean, p_cause jsonb
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  existing app.star_purchase;
  answer jsonb;
BEGIN
  SELECT * INTO STRICT existing FROM app.star_purchase WHERE id = p_purchase FOR NO KEY UPDATE;
  IF existing.status IN ('refused', 'canceled') THEN
    RETURN jsonb_build_object('outcome', 'order_closed', 'status', existing.status);
  END IF;
  IF existing.status = 'accepted' THEN
    UPDATE app.star_purchase SET status = 'canceled', failure_code = p_failure, updated_at = now(), ended_at = now()
    WHERE id = p_purchase;
    existing.status := 'canceled';
    PERFORM app.star_purchase_show(existing);
    RETURN '{"outcome": "nothing_to_release", "status": "canceled"}';
  END IF;
  IF p_decided AND existing.status = 'needs_attention' THEN
    UPDATE app.star_payment SET state = 'dropped' WHERE purchase_id = p_purchase AND state = 'prepared';
  END IF;
  IF existing.status <> 'failed' AND (
    NOT app.may_move('star_purchase', existing.status, 'failed')
    OR app.star_payment_forbids_release(p_purchase, p_decided)
  ) THEN
    RETURN jsonb_build_object('outcome', 'payment_live', 'status', existing.status);
  END IF;
  answer := ledger.release(p_key, p_hold_key, p_cause);
  IF existing.status = 'failed' OR NOT (
    answer ->> 'outcome' IN ('released', 'nothing_to_release')
    OR p_decided AND answer ->> 'outcome' IN ('already_released', 'already_expired')
  ) THEN
    RETURN answer || jsonb_build_object('status', existing.status);
  END IF;
  UPDATE app.star_purchase
  SET status = 'failed', failure_code = p_failure, failure_detail = p_detail, updated_at = now(), ended_at = now()
  WHERE id = p_purchase;
  PERFORM app.star_purchase_close_case(p_purchase);
  PERFORM app.tell(existing.user_id, 'star_purchase.failed', jsonb_build_object(
    'purchaseId', existing.id, 'failure', p_failure, 'returnedMinor', existing.price_minor::text,
    'asset', existing.price_asset));
  RETURN answer || '{"status": "failed"}';
END $$;

-- Whether a payment stands that forbids to return the money. What was paid may only be returned by a person's decision;
-- a message that the chain has not decided forbids it even then.
CREATE OR REPLACE FUNCTION app.star_payment_forbids_release(p_purchase uuid, p_decided boolean) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT 1 FROM app.star_payment
    WHERE purchase_id = p_purchase AND (state IN ('prepared', 'signed') OR state = 'paid' AND NOT p_decided))
$$;

-- accepted | reserved -> canceled, while nothing is signed: the row's lock decides against the wallet's signing.
CREATE OR REPLACE FUNCTION app.star_purchase_cancel(
  p_purchase uuid, p_key text, p_hold_key text, p_cause jsonb
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  existing app.star_purchase;
  answer jsonb;
BEGIN
  SELECT * INTO STRICT existing FROM app.star_purchase WHERE id = p_purchase FOR NO KEY UPDATE;
  IF existing.status = 'canceled' THEN RETURN '{"outcome": "canceled", "status": "canceled"}'; END IF;
  IF existing.status NOT IN ('accepted', 'reserved') THEN
    RETURN jsonb_build_object('status', existing.status, 'outcome',
      CASE WHEN existing.status IN ('signed', 'paid', 'needs_attention') THEN 'already_signed'
           ELSE 'already_finished' END);
  END IF;
  UPDATE app.star_payment SET state = 'dropped' WHERE purchase_id = p_purchase AND state = 'prepared';
  answer := ledger.release(p_key, p_hold_key, p_cause);
  IF answer ->> 'outcome' NOT IN ('released', 'nothing_to_release') THEN
    RAISE EXCEPTION 'release of % answered %', p_hold_key, answer ->> 'outcome' USING ERRCODE = 'check_violation';
  END IF;
  UPDATE app.star_purchase
  SET status = 'canceled', failure_code = 'canceled_by_user', updated_at = now(), ended_at = now()
  WHERE id = p_purchase;
  PERFORM app.tell(existing.user_id, 'star_purchase.canceled', jsonb_build_object(
    'purchaseId', existing.id, 'returnedMinor', CASE WHEN answer ->> 'outcome' = 'released'
      THEN existing.price_minor::text ELSE '0' END, 'asset', existing.price_asset));
  RETURN '{"outcome": "canceled", "status": "canceled"}';
END $$;

-- What is known of the payments of a purchase, as a case shows it; NULL when there are none.
CREATE OR REPLACE FUNCTION app.star_payment_evidence(p_purchase uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
    'attempt', p.attempt, 'state', p.state, 'amountNano', p.amount_nano::text, 'requestId', p.request_id, 'ref', p.ref,
    'wallet', p.wallet, 'message', m.id, 'seqno', m.seqno, 'messageHash', m.normalized_hash,
    'signedAt', m.signed_at, 'validUntil', to_timestamp(m.valid_until))) ORDER BY p.attempt)
  FROM app.star_payment p LEFT JOIN app.wallet_message m ON m.id = p.message_id WHERE p.purchase_id = p_purchase
$$;

-- -> needs_attention: what became of it cannot be found out here; the hold stays and a person decides.
CREATE OR REPLACE FUNCTION app.star_purchase_park(p_purchase uuid, p_workflow text, p_evidence jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  existing app.star_purchase;
BEGIN
  SELECT * INTO STRICT existing FROM app.star_purchase WHERE id = p_purchase FOR NO KEY UPDATE;
  IF app.star_purchase_is_final(existing.status) OR existing.status = 'needs_attention' THEN
    RETURN existing.status;
  END IF;
  PERFORM app.open_case(format('parked/%s/%s', p_workflow, existing.parked_count + 1), 'star_purchase_parked',
    p_workflow, existing.user_id,
    p_evidence || jsonb_strip_nulls(jsonb_build_object('payments', app.star_payment_evidence(p_purchase))));
  IF NOT app.may_move('star_purchase', existing.status, 'needs_attention') THEN RETURN existing.status; END IF;
  UPDATE app.star_purchase SET status = 'needs_attention', failure_code = 'outcome_unknown',
    parked_count = parked_count + 1, updated_at = now()
  WHERE id = p_purchase;
  PERFORM app.tell(existing.user_id, 'star_purchase.needs_attention', jsonb_build_object('purchaseId', existing.id));
  RETURN 'needs_attention';
END $$;

-- What was decided about a parking could not be carried out: its case is closed as such, and another one asks anew with
-- the reason, so that no decision stands in the way of the next. `p_round`: the parking that was decided, so that a
-- repeat changes nothing. Answers the status that stands.
CREATE OR REPLACE FUNCTION app.star_purchase_park_again(
  p_purchase uuid, p_workflow text, p_round int, p_evidence jsonb
) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  existing app.star_purchase;
BEGIN
  SELECT * INTO STRICT existing FROM app.star_purchase WHERE id = p_purchase FOR NO KEY UPDATE;
  IF existing.status <> 'needs_attention' OR existing.parked_count <> p_round THEN RETURN existing.status; END IF;
  UPDATE app.attention SET closed_at = now(), closed_by = 'not_carried_out', close_reason = p_evidence ->> 'reason'
  WHERE kind = 'star_purchase_parked' AND workflow_id = p_workflow AND closed_at IS NULL;
  PERFORM app.open_case(format('parked/%s/%s', p_workflow, p_round + 1), 'star_purchase_parked', p_workflow,
    existing.user_id,
    p_evidence || jsonb_strip_nulls(jsonb_build_object('payments', app.star_payment_evidence(p_purchase))));
  UPDATE app.star_purchase SET parked_count = p_round + 1, updated_at = now() WHERE id = p_purchase;
  RETURN 'needs_attention';
END $$;

-- Whether somebody's word about a purchase counts: a manager's or an owner's who is one now and is not banned; and,
-- about a purchase of their own, an owner's alone.
CREATE OR REPLACE FUNCTION app.star_decider_counts(p_purchase app.star_purchase, p_operator app.users) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT p_operator.status = 'active'
    AND p_operator.roles &&
      CASE WHEN p_operator.id = p_purchase.user_id THEN '{owner}' ELSE '{manager,owner}' END::text[]
$$;

-- Whether enough operators have said the same about a purchase as it is parked now: one, or two of whom one is an owner
-- where the order needs two. Who has lost the role since does not count.
CREATE OR REPLACE FUNCTION app.star_decision_stands(p_purchase app.star_purchase, p_decision text) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN p_purchase.needs_two THEN count(*) >= 2 AND bool_or('owner' = ANY (u.roles)) ELSE count(*) >= 1 END
  FROM app.star_decision d JOIN app.users u ON u.id = d.operator_id
  WHERE d.purchase_id = p_purchase.id AND d.round = p_purchase.parked_count AND d.decision = p_decision
    AND app.star_decider_counts(p_purchase, u)
$$;

-- Whether nothing may follow a status.
CREATE OR REPLACE FUNCTION app.star_purchase_is_final(p_status text) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (SELECT 1 FROM app.legal_move WHERE flow = 'star_purchase' AND from_status = p_status)
$$;

-- Closes the case of a purchase that has been decided, by whom or by what it may be.
CREATE OR REPLACE FUNCTION app.star_purchase_close_case(p_purchase uuid) RETURNS void
LANGUAGE sql AS $$
  UPDATE app.attention SET closed_at = now(), closed_by = 'decided'
  WHERE kind = 'star_purchase_parked' AND workflow_id = 'star-purchase/' || p_purchase AND closed_at IS NULL
$$;

-- One operator's decision about a parked purchase. Answers `applied` when enough of them have said the same (two where
-- the order needs two, one of them an owner), `needs_second` while not, `already_decided` otherwise, `not_for_you` when
-- the word would not count, `not_parked`, or `not_possible`: while the chain may still pay, the money can neither go
-- back nor be paid again.
CREATE OR REPLACE FUNCTION app.star_purchase_decide(
  p_purchase uuid, p_operator uuid, p_decision text, p_reason text
) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  existing app.star_purchase;
  standing text;
BEGIN
  SELECT * INTO STRICT existing FROM app.star_purchase WHERE id = p_purchase FOR NO KEY UPDATE;
  IF existing.status <> 'needs_attention' THEN RETURN 'not_parked'; END IF;
  IF NOT EXISTS (SELECT 1 FROM app.users u WHERE u.id = p_operator AND app.star_decider_counts(existing, u)) THEN
    RETURN 'not_for_you';
  END IF;
  IF p_decision <> 'delivered' AND EXISTS (
    SELECT 1 FROM app.star_payment WHERE purchase_id = p_purchase AND state = 'signed'
  ) THEN
    RETURN 'not_possible';
  END IF;
  -- What has been decided stands: whoever says otherwise in the same moment comes too late.
  SELECT decision INTO standing FROM app.star_decision
  WHERE purchase_id = p_purchase AND round = existing.parked_count AND app.star_decision_stands(existing, decision)
  LIMIT 1;
  IF standing <> p_decision THEN RETURN 'already_decided'; END IF;
  INSERT INTO app.star_decision (purchase_id, round, operator_id, decision, reason)
  VALUES (p_purchase, existing.parked_count, p_operator, p_decision, p_reason)
  ON CONFLICT (purchase_id, round, operator_id) DO NOTHING;
  IF NOT FOUND AND NOT EXISTS (
    SELECT 1 FROM app.star_decision WHERE purchase_id = p_purchase AND round = existing.parked_count
      AND operator_id = p_operator AND decision = p_decision
  ) THEN
    RETURN 'already_decided';
  END IF;
  RETURN CASE WHEN app.star_decision_stands(existing, p_decision) THEN 'applied' ELSE 'needs_second' END;
END $$;

-- How a purchase stands for its saga: {status, round}, with the {decision} that stands about its parking, by the very
-- rule that answered whoever decided. What people have said stands in the rows alone, so that it is carried out whoever
-- was told.
CREATE OR REPLACE FUNCTION app.star_purchase_standing(p_purchase uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_strip_nulls(jsonb_build_object('status', o.status, 'round', o.parked_count, 'decision', (
    SELECT d.decision FROM app.star_decision d
    WHERE d.purchase_id = o.id AND d.round = o.parked_count AND o.status = 'needs_attention'
      AND app.star_decision_stands(o, d.decision)
    LIMIT 1)))
  FROM app.star_purchase o WHERE o.id = p_purchase
$$;

-- needs_attention -> reserved | paid: a person has it looked at again. What was paid is waited for once more; what
-- certainly was not paid may be prepared anew. It stays parked while the chain has not decided, and when its funds are
-- no longer held: nothing may be paid for then.
CREATE OR REPLACE FUNCTION app.star_purchase_resume(p_purchase uuid) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  existing app.star_purchase;
  live text;
BEGIN
  SELECT * INTO STRICT existing FROM app.star_purchase WHERE id = p_purchase FOR NO KEY UPDATE;
  SELECT state INTO live FROM app.star_payment
  WHERE purchase_id = p_purchase AND state IN ('prepared', 'signed', 'paid');
  IF existing.status <> 'needs_attention' OR live = 'signed' OR NOT EXISTS (
    SELECT 1 FROM ledger.hold_log WHERE key = format('star-purchase/%s/reserve', p_purchase) AND status = 'open'
  ) THEN
    RETURN existing.status;
  END IF;
  UPDATE app.star_purchase
  SET status = CASE WHEN live = 'paid' THEN 'paid' ELSE 'reserved' END, failure_code = NULL, updated_at = now()
  WHERE id = p_purchase RETURNING * INTO existing;
  PERFORM app.star_purchase_close_case(p_purchase);
  PERFORM app.star_purchase_show(existing);
  RETURN existing.status;
END $$;
