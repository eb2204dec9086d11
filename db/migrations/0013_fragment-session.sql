-- Our log-in at Fragment, one row per account, shared by all processes.
-- The cookies are sealed with a key that is not in the database.
CREATE TABLE app.fragment_session (
  account text PRIMARY KEY,
  sealed bytea NOT NULL,
  -- Grows with every change of the cookies: nobody judges or overwrites a newer session by an older one.
  version int NOT NULL DEFAULT 1,
  state text NOT NULL CHECK (state IN ('alive', 'expired', 'login_required')),
  -- Who renews it has the right to until then; nobody else does meanwhile.
  lease_until timestamptz,
  -- When its keeper was last woken for this expiry.
  woken_at timestamptz,
  logged_in_at timestamptz NOT NULL DEFAULT now(),
  renewed_at timestamptz
);
