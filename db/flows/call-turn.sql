-- Gives a call its turn, over all processes: the turns of one way lie `p_every_ms` apart. Answers how long to wait for
-- it; where that is longer than `p_patience_ms` no turn is taken, and the caller asks again after that time.
CREATE OR REPLACE FUNCTION app.take_call_turn(
  p_way text, p_every_ms double precision, p_patience_ms double precision,
  OUT taken boolean, OUT wait_ms double precision
) LANGUAGE plpgsql AS $$
DECLARE
  v_now timestamptz;
  v_turn timestamptz;
BEGIN
  INSERT INTO app.call_turn (way, next_at) VALUES (p_way, '-infinity') ON CONFLICT DO NOTHING;
  SELECT next_at INTO v_turn FROM app.call_turn WHERE way = p_way FOR UPDATE;
  v_now := clock_timestamp();
  v_turn := greatest(v_turn, v_now);
  wait_ms := extract(epoch FROM v_turn - v_now) * 1000;
  taken := wait_ms <= p_patience_ms;
  IF taken THEN
    UPDATE app.call_turn SET next_at = v_turn + make_interval(secs => p_every_ms / 1000) WHERE way = p_way;
  END IF;
END $$;
