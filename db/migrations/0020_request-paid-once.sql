-- No two purchases pay for one request of Fragment, whatever its site answers.

CREATE UNIQUE INDEX star_payment_request_idx ON app.star_payment (request_id)
  WHERE state IN ('prepared', 'signed', 'paid');
CREATE UNIQUE INDEX star_payment_ref_idx ON app.star_payment (ref) WHERE state IN ('prepared', 'signed', 'paid');
