-- A payment of more or less than its order's price is credited in proportion.

-- What was credited where it is not what the order grants; null: exactly that, or nothing yet.
ALTER TABLE app.topup ADD COLUMN credited_minor bigint CHECK (credited_minor > 0);

-- It takes a parameter more now; the old one would stand beside it, and a call could not choose.
DROP FUNCTION IF EXISTS app.topup_credit(uuid, text, text, jsonb, jsonb, timestamptz);
