-- Tells a person a fact: an outbox row under the next number of the person's topic. The topic's counter is the last
-- lock of the fact's transaction, so that numbers have no gaps and stand in the order of commits.
CREATE OR REPLACE FUNCTION app.tell(p_user uuid, p_kind text, p_data jsonb) RETURNS void
LANGUAGE sql AS $$
  WITH counter AS (
    INSERT INTO app.stream AS s (topic, last_seq) VALUES ('user:' || p_user, 1)
    ON CONFLICT (topic) DO UPDATE SET last_seq = s.last_seq + 1
    RETURNING topic, last_seq
  )
  INSERT INTO app.outbox (topic, seq, user_id, kind, data)
  SELECT topic, last_seq, p_user, p_kind, p_data FROM counter
$$;

-- Shows a fact to the person's open screens: numbered like what is told, and neither a message nor a notification. Its
-- row is forgotten after a day. As with app.tell, it is the last thing that a fact's transaction does.
CREATE OR REPLACE FUNCTION app.announce(p_user uuid, p_kind text, p_data jsonb) RETURNS void
LANGUAGE sql AS $$
  WITH counter AS (
    INSERT INTO app.stream AS s (topic, last_seq) VALUES ('user:' || p_user, 1)
    ON CONFLICT (topic) DO UPDATE SET last_seq = s.last_seq + 1
    RETURNING topic, last_seq
  )
  INSERT INTO app.outbox (topic, seq, user_id, kind, data, state)
  SELECT topic, last_seq, p_user, p_kind, p_data, 'live' FROM counter
$$;

-- Shows that the balances of these people have moved without an order of theirs. One after another in the order of
-- their ids: this locks their topics' counters.
CREATE OR REPLACE FUNCTION app.announce_balances(p_owners uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  person uuid;
BEGIN
  FOR person IN SELECT id FROM app.users WHERE id = ANY (p_owners) ORDER BY id LOOP
    PERFORM app.announce(person, 'balance.changed', '{}');
  END LOOP;
END $$;

-- Forgets up to `p_limit` facts for screens that are older than a day, and returns how many. Runs with the owner's
-- rights: the application may delete nothing else that was told.
CREATE OR REPLACE FUNCTION app.forget_live(p_limit int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  forgotten int;
BEGIN
  DELETE FROM app.outbox WHERE (topic, seq) IN (
    SELECT topic, seq FROM app.outbox WHERE state = 'live' AND created_at < now() - interval '1 day'
    ORDER BY created_at LIMIT p_limit FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  RETURN forgotten;
END $$;

-- Opens a case for a person, once per key.
CREATE OR REPLACE FUNCTION app.open_case(p_key text, p_kind text, p_workflow text, p_user uuid, p_evidence jsonb)
RETURNS void
LANGUAGE sql AS $$
  INSERT INTO app.attention (key, kind, workflow_id, user_id, evidence)
  VALUES (p_key, p_kind, p_workflow, p_user, p_evidence)
  ON CONFLICT (key) DO NOTHING
$$;

-- Whether a status may follow another.
CREATE OR REPLACE FUNCTION app.may_move(p_flow text, p_from text, p_to text) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM app.legal_move WHERE flow = p_flow AND from_status = p_from AND to_status = p_to)
$$;

-- Whether the order of a workflow is final. An order that is not known counts as final: nothing will ever resolve it.
CREATE OR REPLACE FUNCTION app.is_order_final(p_workflow text) RETURNS boolean
LANGUAGE sql STABLE AS $$
  WITH asked AS (
    SELECT split_part(p_workflow, '/', 1) AS flow,
      CASE WHEN split_part(p_workflow, '/', 2) ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
        THEN split_part(p_workflow, '/', 2)::uuid END AS id
  ), found AS (
    SELECT 'generation' AS flow, status FROM app.generation
    WHERE id = (SELECT id FROM asked WHERE flow = 'generation')
    UNION ALL
    SELECT 'star_purchase', status FROM app.star_purchase
    WHERE id = (SELECT id FROM asked WHERE flow = 'star-purchase')
  )
  SELECT NOT EXISTS (
    SELECT 1 FROM found JOIN app.legal_move m ON m.flow = found.flow AND m.from_status = found.status)
$$;

-- One turn of the sweep over due holds: gives money back where the order is over, and opens a case where it is not (and
-- looks again in an hour). Several sweepers may run at once. Returns how many holds it expired and how many it flagged.
CREATE OR REPLACE FUNCTION app.sweep_due_holds(p_limit int, p_cause jsonb, OUT expired int, OUT flagged int)
LANGUAGE plpgsql AS $$
DECLARE
  due record;
  ended text[] := '{}';
BEGIN
  expired := 0;
  flagged := 0;
  FOR due IN SELECT * FROM ledger.claim_due_holds(p_limit) LOOP
    IF app.is_order_final(due.workflow_id) THEN
      IF ledger.expire('sweep/' || due.hold_key, due.hold_key, p_cause) ->> 'outcome' = 'expired' THEN
        expired := expired + 1;
        ended := ended || due.hold_key;
      END IF;
    ELSE
      -- A case that was closed while the hold still stands is followed by another.
      PERFORM app.open_case(
        format('hold-due/%s/%s', due.hold_key, (
          SELECT count(*) FROM app.attention a
          WHERE a.kind = 'hold_due' AND a.evidence ->> 'holdKey' = due.hold_key AND a.closed_at IS NOT NULL)),
        'hold_due', due.workflow_id, NULL, jsonb_build_object('holdKey', due.hold_key));
      PERFORM ledger.extend(format('sweep/%s/%s', due.hold_key, extract(epoch FROM clock_timestamp())),
                            due.hold_key, interval '1 hour');
      flagged := flagged + 1;
    END IF;
  END LOOP;
  PERFORM app.announce_balances(ARRAY(SELECT owner_id FROM ledger.hold_log WHERE key = ANY (ended)));
END $$;

-- One turn of the emptying of lots whose time is over; see ledger.expire_due_lots.
CREATE OR REPLACE FUNCTION app.expire_due_lots(p_limit int, p_cause jsonb) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
  lots int := ledger.expire_due_lots(p_limit, p_cause);
BEGIN
  IF lots > 0 THEN PERFORM app.announce_balances(ARRAY(SELECT ledger.owners_moved())); END IF;
  RETURN lots;
END $$;

-- Whether the order that a fact from outside speaks of may still change. A payment that no order knows is open: it may
-- be one whose create answer was lost.
CREATE OR REPLACE FUNCTION app.is_fact_open(p_fact jsonb) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT CASE p_fact ->> 'kind'
    WHEN 'payment' THEN NOT EXISTS (
      SELECT 1 FROM app.topup t
      WHERE t.provider = p_fact ->> 'provider' AND t.credited_payment_id = p_fact ->> 'paymentId')
    WHEN 'generation' THEN EXISTS (
      SELECT 1 FROM app.generation_attempt a JOIN app.generation g ON g.id = a.generation_id
      WHERE a.id::text = p_fact ->> 'attemptId' AND g.status NOT IN ('succeeded', 'canceled'))
    ELSE false
  END
$$;
