-- The messages of our wallet. A message is stored, with all its payments and their orders moved, in one transaction
-- before its bytes leave us; what the chain decided about it is written in another.

-- Stores a signed message: its payments prepared -> signed, their orders reserved -> signed. Answers `signed` with the
-- message's id; `stale` when a payment or its order has changed since the message was made, or another message of this
-- wallet is not decided: nothing is stored then, and the bytes must not leave.
-- `p_message`: {wallet, seqno, validUntil, boc, rawHash, normalizedHash, paymentIds}.
CREATE OR REPLACE FUNCTION app.wallet_sign(p_message jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  payments uuid[] := ARRAY(SELECT jsonb_array_elements_text(p_message -> 'paymentIds')::uuid);
  ready int;
  message bigint;
BEGIN
  PERFORM 1 FROM app.star_purchase
  WHERE id IN (SELECT purchase_id FROM app.star_payment WHERE id = ANY (payments)) ORDER BY id FOR NO KEY UPDATE;
  SELECT count(*) INTO ready FROM (
    SELECT 1 FROM app.star_payment p JOIN app.star_purchase o ON o.id = p.purchase_id
    WHERE p.id = ANY (payments) AND p.state = 'prepared' AND o.status = 'reserved'
      AND p.wallet = p_message ->> 'wallet'
    FOR UPDATE OF p) locked;
  IF ready <> cardinality(payments) OR EXISTS (
    SELECT 1 FROM app.wallet_message WHERE wallet = p_message ->> 'wallet'
      AND (state = 'signed' OR state <> 'dead' AND seqno = (p_message ->> 'seqno')::bigint)
  ) THEN
    RETURN '{"outcome": "stale"}';
  END IF;
  INSERT INTO app.wallet_message (wallet, seqno, valid_until, boc, raw_hash, normalized_hash)
  VALUES (p_message ->> 'wallet', (p_message ->> 'seqno')::bigint, (p_message ->> 'validUntil')::bigint,
    decode(p_message ->> 'boc', 'base64'), p_message ->> 'rawHash', p_message ->> 'normalizedHash')
  RETURNING id INTO message;
  UPDATE app.star_payment p SET state = 'signed', message_id = message, position = place.number - 1
  FROM unnest(payments) WITH ORDINALITY AS place (id, number) WHERE p.id = place.id;
  UPDATE app.star_purchase SET status = 'signed', signed_at = now(), updated_at = now()
  WHERE id IN (SELECT purchase_id FROM app.star_payment WHERE message_id = message);
  PERFORM app.star_purchases_show(ARRAY(SELECT purchase_id FROM app.star_payment WHERE message_id = message));
  RETURN jsonb_build_object('outcome', 'signed', 'messageId', message::text);
END $$;

-- Why a person must look at a message: a case with what was seen and the purchases that wait for it, one for each
-- reason at a time. Nothing happens once the message is decided. The chain is asked on, and its decision closes the
-- case.
CREATE OR REPLACE FUNCTION app.wallet_question(p_message bigint, p_why text, p_seen jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  existing app.wallet_message;
  name text := format('wallet-message/%s/%s/', p_message, p_why);
BEGIN
  SELECT * INTO existing FROM app.wallet_message WHERE id = p_message AND state = 'signed' FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  -- A case that was closed while the question still stands is followed by another.
  PERFORM app.open_case(
    name || (SELECT count(*) FROM app.attention WHERE starts_with(key, name) AND closed_at IS NOT NULL),
    'wallet_message_undecided', 'wallet/' || existing.wallet, NULL,
    jsonb_build_object('reason', p_why, 'message', p_message, 'wallet', existing.wallet, 'seqno', existing.seqno,
      'messageHash', existing.normalized_hash, 'signedAt', existing.signed_at,
      'validUntil', to_timestamp(existing.valid_until), 'seen', p_seen,
      'purchases', (SELECT jsonb_agg(purchase_id ORDER BY position) FROM app.star_payment
                    WHERE message_id = p_message)));
END $$;

-- What the chain decided about a message, once: its payments signed -> paid | not_paid, and their orders with them.
-- Answers the verdicts that stand, [{purchaseId, verdict}], the first time and every time.
-- `p_verdicts`: [{position, verdict}], one for each payment.
CREATE OR REPLACE FUNCTION app.wallet_decide(p_message bigint, p_state text, p_verdicts jsonb, p_evidence jsonb)
RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  existing app.wallet_message;
  changed uuid[];
BEGIN
  PERFORM 1 FROM app.star_purchase
  WHERE id IN (SELECT purchase_id FROM app.star_payment WHERE message_id = p_message) ORDER BY id FOR NO KEY UPDATE;
  SELECT * INTO STRICT existing FROM app.wallet_message WHERE id = p_message FOR NO KEY UPDATE;
  IF existing.state = 'signed' THEN
    UPDATE app.wallet_message SET state = p_state, evidence = p_evidence, decided_at = now() WHERE id = p_message;
    UPDATE app.attention SET closed_at = now(), closed_by = 'decided'
    WHERE starts_with(key, format('wallet-message/%s/', p_message)) AND closed_at IS NULL;
    UPDATE app.star_payment p SET state = v ->> 'verdict'
    FROM jsonb_array_elements(p_verdicts) v
    WHERE p.message_id = p_message AND p.position = (v ->> 'position')::int;
    IF EXISTS (SELECT 1 FROM app.star_payment WHERE message_id = p_message AND state = 'signed') THEN
      RAISE EXCEPTION 'message % left a payment undecided', p_message USING ERRCODE = 'check_violation';
    END IF;
    WITH moved AS (
      UPDATE app.star_purchase o
      SET status = CASE WHEN p.state = 'paid' THEN 'paid' ELSE 'reserved' END, failure_code = NULL,
        paid_at = CASE WHEN p.state = 'paid' THEN now() ELSE o.paid_at END, updated_at = now()
      FROM app.star_payment p
      WHERE p.message_id = p_message AND o.id = p.purchase_id AND o.status IN ('signed', 'needs_attention')
      RETURNING o.id
    )
    SELECT coalesce(array_agg(id), '{}') INTO changed FROM moved;
    PERFORM app.star_purchase_close_case(id) FROM unnest(changed) id;
    -- People called it delivered while it could still be paid: its buyer was charged, and nothing came of it.
    PERFORM app.open_case('unpaid/star-purchase/' || o.id, 'star_purchase_unpaid', 'star-purchase/' || o.id, o.user_id,
      jsonb_build_object('chargedMinor', o.price_minor::text, 'asset', o.price_asset,
        'payments', app.star_payment_evidence(o.id)))
    FROM app.star_payment p JOIN app.star_purchase o ON o.id = p.purchase_id
    WHERE p.message_id = p_message AND p.state = 'not_paid' AND o.status = 'delivered';
    PERFORM app.star_purchases_show(changed);
  END IF;
  RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('purchaseId', purchase_id, 'verdict', state) ORDER BY position),
    '[]') FROM app.star_payment WHERE message_id = p_message);
END $$;
