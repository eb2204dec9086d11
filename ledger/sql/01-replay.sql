-- What a repeated key gets: NULL for a new key, the first answer with `replayed: true` for the same request, and
-- `key_conflict` (showing nothing of the first) for another request under the same key.
CREATE OR REPLACE FUNCTION ledger.replay(p_key text, p_hash bytea) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN r.request_hash = p_hash THEN r.answer || '{"replayed": true}'
    ELSE '{"outcome": "key_conflict", "replayed": false}'::jsonb
  END
  FROM ledger.request r WHERE r.key = p_key
$$;

-- The hash of a request: what it asks for, never its cause, run or time.
CREATE OR REPLACE FUNCTION ledger.request_hash(VARIADIC p_parts text[]) RETURNS bytea
LANGUAGE sql IMMUTABLE AS $$
  SELECT sha256(convert_to(array_to_string(p_parts, chr(31), chr(30)), 'UTF8'))
$$;

-- Records the first answer of a key, in the transaction of what it tells. Two racing callers meet at the primary key:
-- the second gets unique_violation, loses all it did, and is answered by replay when it asks again.
CREATE OR REPLACE FUNCTION ledger.record_answer(p_key text, p_verb text, p_hash bytea, p_answer jsonb) RETURNS jsonb
LANGUAGE sql AS $$
  INSERT INTO ledger.request (key, verb, request_hash, answer, recorded_at)
  VALUES (p_key, p_verb, p_hash, p_answer, clock_timestamp())
  RETURNING answer || '{"replayed": false}'
$$;
