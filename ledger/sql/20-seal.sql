-- One leaf per entry of a range of transactions, in an order that never changes. A leaf covers all that is final about
-- the entry: its transfer and cause, its account and owner, the hold it spent and the answer that was given.
CREATE OR REPLACE FUNCTION ledger.entry_leaves(p_from xid8, p_before xid8)
RETURNS TABLE (xid xid8, entry_id bigint, leaf bytea)
LANGUAGE sql STABLE AS $$
  SELECT e.xid, e.id, int8send(e.id) || sha256(convert_to(ARRAY[
    e.xid::text, e.transfer_id::text, e.account_id::text, e.wallet_id::text, e.asset, e.amount_minor::text,
    e.balance_after_minor::text, e.wallet_balance_after_minor::text, e.account_version::text,
    t.kind, t.key, encode(t.request_hash, 'hex'), t.hold_id::text, t.reverses::text, t.cause::text,
    extract(epoch FROM t.event_at)::text, extract(epoch FROM t.recorded_at)::text,
    a.code, a.wallet_id::text, a.bucket, extract(epoch FROM a.expires_at)::text, w.owner_id::text,
    h.key, h.amount_minor::text, h.captured_minor::text, h.status, h.cause::text, h.resolved_cause::text, r.answer::text
  ]::text, 'UTF8'))
  FROM ledger.entry e
  LEFT JOIN ledger.transfer t ON t.id = e.transfer_id
  LEFT JOIN ledger.account a ON a.id = e.account_id
  LEFT JOIN ledger.wallet w ON w.id = a.wallet_id
  LEFT JOIN ledger.hold h ON h.id = t.hold_id
  LEFT JOIN ledger.request r ON r.key = t.key
  WHERE e.xid >= p_from AND e.xid < p_before
$$;

-- The hash of a block: its number, its range, its entries and the block before.
CREATE OR REPLACE FUNCTION ledger.block_hash(p_block ledger.block) RETURNS bytea
LANGUAGE sql IMMUTABLE AS $$
  SELECT sha256(convert_to(concat_ws('|', p_block.number, p_block.from_xid::text, p_block.before_xid::text,
    p_block.entry_count, encode(p_block.entries_hash, 'hex'), encode(p_block.previous_hash, 'hex')), 'UTF8'))
$$;

-- Seals the oldest unsealed entries, about `p_max` of them, into the next block, and returns how many it sealed. It
-- takes only transactions older than every open one: a serial number alone becomes visible out of order.
CREATE OR REPLACE FUNCTION ledger.seal(p_max int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  horizon xid8;
  last ledger.block;
  next ledger.block;
  first_xid xid8;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ledger.seal'));
  horizon := pg_snapshot_xmin(pg_current_snapshot());
  SELECT * INTO last FROM ledger.block ORDER BY number DESC LIMIT 1;
  next.number := coalesce(last.number, 0) + 1;
  next.from_xid := coalesce(last.before_xid, '0'::xid8);
  next.previous_hash := coalesce(last.hash, '\x'::bytea);
  SELECT xid INTO first_xid FROM ledger.entry WHERE xid >= next.from_xid AND xid < horizon ORDER BY xid LIMIT 1;
  IF NOT FOUND THEN RETURN 0; END IF;
  -- The boundary stands between two transactions, never inside one.
  SELECT xid INTO next.before_xid FROM ledger.entry WHERE xid > first_xid AND xid < horizon
  ORDER BY xid OFFSET p_max LIMIT 1;
  next.before_xid := coalesce(next.before_xid, horizon);
  SELECT count(*), string_agg(leaf, ''::bytea ORDER BY xid, entry_id) INTO next.entry_count, next.leaves
  FROM ledger.entry_leaves(next.from_xid, next.before_xid);
  next.entries_hash := sha256(next.leaves);
  INSERT INTO ledger.block (number, from_xid, before_xid, entry_count, leaves, entries_hash, previous_hash, hash)
  VALUES (next.number, next.from_xid, next.before_xid, next.entry_count, next.leaves, next.entries_hash,
          next.previous_hash, ledger.block_hash(next));
  RETURN next.entry_count;
END $$;
