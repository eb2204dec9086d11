/** The statements that the product sends for one `GET /me`, as bare pg is given them. */
export const bareQueries = {
  session: `SELECT u.id, u.telegram_id AS "telegramId", u.first_name AS "firstName", u.username, u.language, u.roles,
      u.status, l.revoked_at IS NOT NULL AS revoked
    FROM app.login l JOIN app.users u ON u.id = l.user_id WHERE l.id = $1 AND u.id = $2`,
  wallets: `SELECT asset, available_minor AS "availableMinor", held_minor AS "heldMinor"
    FROM ledger.wallet_balance WHERE owner_id = $1::uuid ORDER BY asset`,
  buckets: `SELECT asset, bucket, expires_at AS "expiresAt", balance_minor AS "balanceMinor", held_minor AS "heldMinor",
      available_minor AS "availableMinor"
    FROM ledger.bucket_balance WHERE owner_id = $1::uuid AND balance_minor > 0
    ORDER BY asset, expires_at NULLS LAST, array_position(ARRAY['free', 'plan', 'promo', 'paid'], bucket)`,
} as const;
