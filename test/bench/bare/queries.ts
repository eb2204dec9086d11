/** The statements that the product sends for one `GET /me`, as bare pg is given them. */
export const bareQueries = {
  session: `SELECT u.id, u.telegram_id AS "telegramId", u.first_name AS "firstName", u.username, u.language, u.roles,
      u.status, l.revoked_at IS NOT NULL AS revoked
    FROM app.login l JOIN app.users u ON u.id = l.user_id WHERE l.id = $1 AND u.id = $2`,
  holdings: `SELECT w.asset, w.available_minor AS "availableMinor", w.held_minor AS "heldMinor", b.bucket,
      b.expires_at AS "expiresAt", b.available_minor AS "bucketMinor"
    FROM ledger.wallet_balance w
    LEFT JOIN ledger.bucket_balance b ON b.owner_id = w.owner_id AND b.asset = w.asset AND b.balance_minor > 0
    WHERE w.owner_id = $1::uuid
    ORDER BY w.asset, b.expires_at NULLS LAST, array_position(ARRAY['free', 'plan', 'promo', 'paid'], b.bucket)`,
  storeUpdate: 'INSERT INTO public.bare_update (update_id, body) VALUES ($1, $2) ON CONFLICT DO NOTHING',
} as const;
