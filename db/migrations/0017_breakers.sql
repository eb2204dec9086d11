-- Circuit breakers, one row per way out to a provider, shared by all processes.
CREATE TABLE app.breaker (
  way text PRIMARY KEY,
  state text NOT NULL DEFAULT 'closed' CHECK (state IN ('closed', 'open', 'half_open')),
  -- In a row, up to now.
  failures int NOT NULL DEFAULT 0 CHECK (failures >= 0),
  -- When the failures began that opened it; when it closed, once it is closed again.
  since timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Until then nobody asks: the pause of an open one, or the lease of the one probe of a half-open one. Who dies with
  -- the probe loses it then.
  until timestamptz,
  -- The number of the last probe: only what became of this one counts.
  probe bigint NOT NULL DEFAULT 0,
  -- Grows with each change, so that news which overtake each other are put in order.
  version bigint NOT NULL DEFAULT 0,
  CHECK ((state = 'closed') = (until IS NULL))
);
