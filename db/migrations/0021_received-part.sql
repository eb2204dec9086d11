-- What has come of a payment is kept with its top-up where it is not the price, so that screens tell it.

-- Minor units of the price's asset: a part while the rest is awaited, more or less than the price once credited; null:
-- nothing yet, or exactly the price.
ALTER TABLE app.topup ADD COLUMN received_minor bigint CHECK (received_minor > 0);

-- Of the orders that were credited by what came, the ledger knows what that was.
UPDATE app.topup o SET received_minor = (
  SELECT -sum(e.amount_minor) FROM ledger.transfer t
  JOIN ledger.entry e ON e.transfer_id = t.id JOIN ledger.account a ON a.id = e.account_id
  WHERE t.key = format('credit/%s/%s', o.provider, o.credited_payment_id) AND a.code = 'deferred')
WHERE o.credited_minor IS NOT NULL;
