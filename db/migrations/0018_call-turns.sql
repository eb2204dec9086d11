-- The turns of calls to providers, one row per way out: all processes take theirs from it.
CREATE TABLE app.call_turn (
  way text PRIMARY KEY,
  -- When the next call may leave.
  next_at timestamptz NOT NULL
);
