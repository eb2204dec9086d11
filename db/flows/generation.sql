-- The moves of a generation. Each locks the order's row first and the ledger's rows after it, and answers the order's
-- `status` beside what the ledger said; a move that is no longer legal changes nothing.

-- Shows a move that no message tells of to the person's open screens.
CREATE OR REPLACE FUNCTION app.generation_show(p_generation app.generation) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM app.announce(p_generation.user_id, 'generation.' || p_generation.status,
    jsonb_build_object('generationId', p_generation.id, 'status', p_generation.status));
END $$;

-- accepted -> reserved | refused: the ledger's reserve.
CREATE OR REPLACE FUNCTION app.generation_reserve(
  p_generation uuid, p_key text, p_ttl interval, p_cause jsonb
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  existing app.generation;
  answer jsonb;
BEGIN
  SELECT * INTO STRICT existing FROM app.generation WHERE id = p_generation FOR NO KEY UPDATE;
  IF existing.status IN ('canceled', 'failed') THEN
    RETURN jsonb_build_object('outcome', 'order_closed', 'status', existing.status);
  END IF;
  -- A refusal is final for its order. The ledger keeps none, and would hold money that came in since.
  IF existing.status = 'refused' THEN
    RETURN jsonb_build_object('outcome', 'insufficient_funds', 'requiredMinor', existing.price_minor::text,
      'availableMinor', existing.failure_detail, 'replayed', true, 'status', existing.status);
  END IF;
  answer := ledger.reserve(p_key, existing.user_id, existing.price_asset, existing.price_minor, p_ttl, p_cause);
  IF existing.status = 'accepted' AND answer ->> 'outcome' = 'held' THEN
    UPDATE app.generation SET status = 'reserved', updated_at = now() WHERE id = p_generation;
    existing.status := 'reserved';
  ELSIF existing.status = 'accepted' AND answer ->> 'outcome' = 'insufficient_funds' THEN
    UPDATE app.generation SET status = 'refused', failure_code = 'insufficient_funds', updated_at = now(),
      failure_detail = answer ->> 'availableMinor'
    WHERE id = p_generation;
    existing.status := 'refused';
  ELSE
    RETURN answer || jsonb_build_object('status', existing.status);
  END IF;
  PERFORM app.generation_show(existing);
  RETURN answer || jsonb_build_object('status', existing.status);
END $$;

-- reserved -> submitted, and the attempt's prepared -> sending: committed just before the request leaves. Answers the
-- attempt's state as it was: `prepared` (send now), anything else (do not send), or `closed` when the order is over.
CREATE OR REPLACE FUNCTION app.generation_begin_sending(p_attempt uuid) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  existing app.generation;
  attempt app.generation_attempt;
BEGIN
  SELECT g.* INTO STRICT existing FROM app.generation g
  WHERE g.id = (SELECT generation_id FROM app.generation_attempt WHERE id = p_attempt) FOR NO KEY UPDATE;
  SELECT * INTO STRICT attempt FROM app.generation_attempt WHERE id = p_attempt FOR NO KEY UPDATE;
  IF attempt.state <> 'prepared' THEN RETURN attempt.state; END IF;
  IF existing.status <> 'reserved' THEN RETURN 'closed'; END IF;
  UPDATE app.generation SET status = 'submitted', updated_at = now() WHERE id = existing.id;
  UPDATE app.generation_attempt SET state = 'sending', sending_at = clock_timestamp() WHERE id = p_attempt;
  existing.status := 'submitted';
  PERFORM app.generation_show(existing);
  RETURN 'prepared';
END $$;

-- The provider's answer to an attempt. `accepted` moves the order to `running`; `prepared` means that nothing was sent,
-- so the order waits in our queue again. Code `wait` says that the provider asked for patience, which counts as no try;
-- code `hint`, that a callback named the task: our own answer corrects it, should the two differ.
CREATE OR REPLACE FUNCTION app.generation_record_attempt(
  p_attempt uuid, p_state text, p_task text, p_code text, p_message text
) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  existing app.generation;
  following text := CASE p_state WHEN 'accepted' THEN 'running' WHEN 'prepared' THEN 'reserved' END;
BEGIN
  SELECT g.* INTO STRICT existing FROM app.generation g
  WHERE g.id = (SELECT generation_id FROM app.generation_attempt WHERE id = p_attempt) FOR NO KEY UPDATE;
  UPDATE app.generation_attempt
  SET state = p_state, task_id = coalesce(p_task, task_id), refused_code = nullif(p_code, 'hint'),
      refused_message = p_message,
      sending_at = CASE WHEN p_state = 'prepared' THEN NULL ELSE sending_at END,
      not_sent_count = not_sent_count + (p_state = 'prepared' AND p_code IS DISTINCT FROM 'wait')::int
  WHERE id = p_attempt AND (state IN ('sending', 'unknown')
    OR state = 'accepted' AND p_state = 'accepted' AND p_code IS DISTINCT FROM 'hint');
  IF FOUND AND following IS NOT NULL AND app.may_move('generation', existing.status, following) THEN
    UPDATE app.generation SET status = following, updated_at = now() WHERE id = existing.id;
    existing.status := following;
    PERFORM app.generation_show(existing);
  END IF;
  RETURN existing.status;
END $$;

-- How far the provider is, in percent, while it works.
CREATE OR REPLACE FUNCTION app.generation_progress(p_generation uuid, p_percent int) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  owner uuid;
BEGIN
  UPDATE app.generation SET progress = p_percent, updated_at = now()
  WHERE id = p_generation AND status IN ('submitted', 'running') AND progress IS DISTINCT FROM p_percent
  RETURNING user_id INTO owner;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM app.announce(owner, 'generation.progress',
    jsonb_build_object('generationId', p_generation, 'progress', p_percent));
END $$;

-- -> succeeded: the pictures are in our store; the hold is captured for what was delivered and the rest released.
-- `p_results`: [{"position", "blobKey", "mime", "bytes"}].
CREATE OR REPLACE FUNCTION app.generation_capture(
  p_generation uuid, p_key text, p_hold_key text, p_amount_minor bigint, p_results jsonb, p_cause jsonb
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  existing app.generation;
  answer jsonb;
BEGIN
  SELECT * INTO STRICT existing FROM app.generation WHERE id = p_generation FOR NO KEY UPDATE;
  IF existing.status <> 'succeeded' AND NOT app.may_move('generation', existing.status, 'succeeded') THEN
    RETURN jsonb_build_object('outcome', 'order_closed', 'status', existing.status);
  END IF;
  IF jsonb_array_length(p_results) = 0 THEN
    RAISE EXCEPTION 'generation % has no results to charge for', p_generation USING ERRCODE = 'check_violation';
  END IF;
  answer := ledger.capture(p_key, p_hold_key, p_amount_minor, p_cause);
  IF answer ->> 'outcome' <> 'captured' OR existing.status = 'succeeded' THEN
    RETURN answer || jsonb_build_object('status', existing.status);
  END IF;
  PERFORM app.generation_store_results(p_generation, p_results, false);
  UPDATE app.generation SET status = 'succeeded', captured_minor = p_amount_minor, progress = 100,
    failure_code = NULL, updated_at = now()
  WHERE id = p_generation;
  PERFORM app.tell(existing.user_id, 'generation.succeeded', jsonb_build_object(
    'generationId', existing.id, 'chargedMinor', p_amount_minor::text, 'asset', existing.price_asset,
    'returnedMinor', (existing.price_minor - p_amount_minor)::text));
  RETURN answer || '{"status": "succeeded"}';
END $$;

-- Writes down the pictures of an order once; answers whether they are new.
CREATE OR REPLACE FUNCTION app.generation_store_results(p_generation uuid, p_results jsonb, p_late boolean)
RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO app.generation_result (generation_id, position, blob_key, mime, bytes, late)
  SELECT p_generation, (r ->> 'position')::int, r ->> 'blobKey', r ->> 'mime', (r ->> 'bytes')::int, p_late
  FROM jsonb_array_elements(p_results) r
  ON CONFLICT (generation_id, position) DO NOTHING;
  RETURN FOUND;
END $$;

-- Pictures that came after the order had failed: kept and shown, and nothing is charged. Answers `kept`,
-- `already_kept`, or `order_open` when the order's own workflow still decides.
CREATE OR REPLACE FUNCTION app.generation_keep_late(p_generation uuid, p_results jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  existing app.generation;
BEGIN
  SELECT * INTO STRICT existing FROM app.generation WHERE id = p_generation FOR NO KEY UPDATE;
  IF existing.status <> 'failed' THEN RETURN 'order_open'; END IF;
  IF NOT app.generation_store_results(p_generation, p_results, true) THEN RETURN 'already_kept'; END IF;
  PERFORM app.tell(existing.user_id, 'generation.late_result', jsonb_build_object('generationId', existing.id));
  RETURN 'kept';
END $$;

-- -> failed: the hold is released, whole. Also the undo of `reserve`, so it is safe when nothing was held.
CREATE OR REPLACE FUNCTION app.generation_fail(
  p_generation uuid, p_key text, p_hold_key text, p_failure text, p_detail text, p_cause jsonb
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  existing app.generation;
  answer jsonb;
BEGIN
  SELECT * INTO STRICT existing FROM app.generation WHERE id = p_generation FOR NO KEY UPDATE;
  IF NOT app.may_move('generation', existing.status, 'failed') THEN
    RETURN jsonb_build_object('outcome', 'order_closed', 'status', existing.status);
  END IF;
  answer := ledger.release(p_key, p_hold_key, p_cause);
  IF answer ->> 'outcome' = 'already_captured' OR answer ->> 'outcome' = 'key_conflict' THEN
    RETURN answer || jsonb_build_object('status', existing.status);
  END IF;
  UPDATE app.generation SET status = 'failed', failure_code = p_failure, failure_detail = p_detail, updated_at = now()
  WHERE id = p_generation;
  PERFORM app.tell(existing.user_id, 'generation.failed', jsonb_build_object(
    'generationId', existing.id, 'code', p_failure, 'returnedMinor', existing.price_minor::text,
    'asset', existing.price_asset));
  RETURN answer || '{"status": "failed"}';
END $$;

-- accepted | reserved -> canceled: only while the request waits in our own queue. Whether it still does is decided
-- here, by the row's lock, against app.generation_begin_sending.
CREATE OR REPLACE FUNCTION app.generation_cancel(
  p_generation uuid, p_key text, p_hold_key text, p_cause jsonb
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  existing app.generation;
  released jsonb;
BEGIN
  SELECT * INTO STRICT existing FROM app.generation WHERE id = p_generation FOR NO KEY UPDATE;
  IF NOT app.may_move('generation', existing.status, 'canceled') THEN
    RETURN jsonb_build_object('status', existing.status, 'outcome', CASE
      WHEN existing.status = 'canceled' THEN 'canceled'
      WHEN existing.status IN ('submitted', 'running', 'needs_attention') THEN 'already_submitted'
      ELSE 'already_finished' END);
  END IF;
  released := ledger.release(p_key, p_hold_key, p_cause);
  UPDATE app.generation SET status = 'canceled', failure_code = 'canceled_by_user', updated_at = now()
  WHERE id = p_generation;
  -- Nothing returns to somebody who was quicker than the hold.
  PERFORM app.tell(existing.user_id, 'generation.canceled', jsonb_build_object('generationId', existing.id,
    'returnedMinor', coalesce(released ->> 'releasedMinor', '0'), 'asset', existing.price_asset));
  RETURN '{"outcome": "canceled", "status": "canceled"}';
END $$;

-- -> needs_attention: what happened at the provider cannot be found out here; the hold stays and a person decides.
CREATE OR REPLACE FUNCTION app.generation_park(p_generation uuid, p_workflow text, p_evidence jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  existing app.generation;
BEGIN
  SELECT * INTO STRICT existing FROM app.generation WHERE id = p_generation FOR NO KEY UPDATE;
  PERFORM app.open_case('parked/' || p_workflow, 'generation_parked', p_workflow, existing.user_id, p_evidence);
  IF NOT app.may_move('generation', existing.status, 'needs_attention') THEN RETURN existing.status; END IF;
  UPDATE app.generation SET status = 'needs_attention', failure_code = 'outcome_unknown', updated_at = now()
  WHERE id = p_generation;
  PERFORM app.tell(existing.user_id, 'generation.needs_attention', jsonb_build_object('generationId', existing.id));
  RETURN 'needs_attention';
END $$;
