-- Operators: their roles, and the trail of what they did.

UPDATE app.users SET roles = array_replace(roles, 'staff', 'manager') WHERE 'staff' = ANY (roles);

-- One row for each thing that an operator asked for, written before it is done and given its answer after: a row
-- without an answer is one whose outcome the process did not live to tell.
CREATE TABLE app.operator_action (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  operator_id uuid NOT NULL REFERENCES app.users,
  role text NOT NULL,
  what text NOT NULL,
  on_what text NOT NULL,
  asked jsonb NOT NULL,
  reason text,
  request_id text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  answer text,
  answered_at timestamptz,
  CHECK (num_nulls(answer, answered_at) IN (0, 2))
);

-- Append-only, whoever asks: the answer is filled in once, and nothing else ever changes.
CREATE FUNCTION app.operator_action_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.answer IS NULL AND NEW.answer IS NOT NULL
    AND to_jsonb(NEW) - 'answer' - 'answered_at' = to_jsonb(OLD) - 'answer' - 'answered_at'
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the trail of operators is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER operator_action_row BEFORE UPDATE OR DELETE ON app.operator_action
  FOR EACH ROW EXECUTE FUNCTION app.operator_action_keep();
CREATE TRIGGER operator_action_table BEFORE TRUNCATE ON app.operator_action
  FOR EACH STATEMENT EXECUTE FUNCTION app.operator_action_keep();

-- Who closed a case, and why; top-ups that are not over, for the panel.
ALTER TABLE app.attention ADD COLUMN close_reason text;
CREATE INDEX topup_open_idx ON app.topup (created_at)
  WHERE status IN ('accepted', 'creating', 'awaiting_payment', 'needs_attention');
