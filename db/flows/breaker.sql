-- Circuit breakers that all processes share. Time is the database's own, each change happens under the row's lock and
-- is told to all processes. A healthy way is never written to.

-- A breaker as processes are told of it; `waitMs` is what remains of its pause or of its probe's lease.
CREATE OR REPLACE FUNCTION app.breaker_show(p_row app.breaker) RETURNS jsonb
LANGUAGE sql AS $$
  SELECT jsonb_build_object('way', p_row.way, 'state', p_row.state, 'failures', p_row.failures, 'since', p_row.since,
    'version', p_row.version,
    'waitMs', greatest(0, ceil(coalesce(extract(epoch FROM p_row.until - clock_timestamp()), 0) * 1000))::int)
$$;

-- Tells all processes. What a power cut forgets of a breaker is no loss, so nobody waits for the disk.
CREATE OR REPLACE FUNCTION app.breaker_tell(p_row app.breaker) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  shown jsonb := app.breaker_show(p_row);
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true), pg_notify('holdfast_breaker', shown::text);
  RETURN shown;
END $$;

-- A call failed. The failure that makes `p_failures_max` in a row opens a closed breaker for `p_open_ms`, and so does a
-- failed probe; calls that left before it opened change nothing.
CREATE OR REPLACE FUNCTION app.breaker_fail(p_way text, p_probe bigint, p_failures_max int, p_open_ms int) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  one app.breaker;
  opens boolean;
BEGIN
  INSERT INTO app.breaker (way) VALUES (p_way) ON CONFLICT DO NOTHING;
  SELECT * INTO STRICT one FROM app.breaker WHERE way = p_way FOR UPDATE;
  IF one.state = 'open' OR one.state = 'half_open' AND p_probe IS DISTINCT FROM one.probe THEN
    RETURN app.breaker_show(one);
  END IF;
  opens := one.state = 'half_open' OR one.failures + 1 >= p_failures_max;
  UPDATE app.breaker SET failures = failures + 1, version = version + 1,
    since = CASE WHEN failures = 0 THEN clock_timestamp() ELSE since END,
    state = CASE WHEN opens THEN 'open' ELSE 'closed' END,
    until = CASE WHEN opens THEN clock_timestamp() + make_interval(secs => p_open_ms / 1000.0) END
  WHERE way = p_way RETURNING * INTO one;
  RETURN app.breaker_tell(one);
END $$;

-- A call succeeded: failures are counted from zero again, and the probe's success closes the breaker. Calls that left
-- before it opened close nothing.
CREATE OR REPLACE FUNCTION app.breaker_succeed(p_way text, p_probe bigint) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  one app.breaker;
BEGIN
  SELECT * INTO one FROM app.breaker WHERE way = p_way FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF one.state = 'closed' AND one.failures = 0 OR one.state = 'open'
    OR one.state = 'half_open' AND p_probe IS DISTINCT FROM one.probe
  THEN
    RETURN app.breaker_show(one);
  END IF;
  UPDATE app.breaker SET state = 'closed', failures = 0, since = clock_timestamp(), until = NULL, version = version + 1
  WHERE way = p_way RETURNING * INTO one;
  RETURN app.breaker_tell(one);
END $$;

-- Asks for the one probe of a breaker whose pause is over, or whose last probe was never heard of again. Of all who ask
-- one gets its number, for `p_lease_ms`; null: somebody else has it, the pause goes on, or the breaker is closed.
CREATE OR REPLACE FUNCTION app.breaker_probe(
  p_way text, p_lease_ms int, OUT probe bigint, OUT standing jsonb
) LANGUAGE plpgsql AS $$
DECLARE
  one app.breaker;
BEGIN
  SELECT * INTO one FROM app.breaker WHERE way = p_way FOR UPDATE;
  IF one.until IS NULL OR one.until > clock_timestamp() THEN
    standing := CASE WHEN one.way IS NOT NULL THEN app.breaker_show(one) END;
    RETURN;
  END IF;
  UPDATE app.breaker b SET state = 'half_open', probe = b.probe + 1, version = b.version + 1,
    until = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0)
  WHERE b.way = p_way RETURNING * INTO one;
  probe := one.probe;
  standing := app.breaker_tell(one);
END $$;
