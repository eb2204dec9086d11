import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { errors, importJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

/** What an access token says. */
export interface AccessClaims {
  readonly userId: string;
  readonly loginId: string;
}

export type AccessVerdict =
  | { readonly ok: true; readonly claims: AccessClaims; readonly expiresAtMs: number }
  | { readonly ok: false; readonly reason: 'invalid' | 'expired' };

export interface RefreshToken {
  readonly token: string;
  readonly hash: Buffer;
}

export interface Tokens {
  /** A short-lived token for a login. */
  issue(claims: AccessClaims): Promise<{ token: string; expiresAt: string }>;
  verify(token: string): Promise<AccessVerdict>;
  /** The first refresh token of a login: 256 random bits. */
  newRefreshToken(): RefreshToken;
  hashOf(refreshToken: string): Buffer;
  /**
   * The token that follows another. It is derived, so that the repeat of a refresh can be answered the same while only
   * hashes are stored; without our secret nobody can go from one to the next.
   */
  successorOf(refreshToken: string): RefreshToken;
}

export interface TokensOptions {
  /** JWK set of Ed25519 private keys as JSON; the first signs, all verify. */
  readonly authKeys: string;
  /** Our own secret; what the successors are derived from is drawn from it. */
  readonly secret: string;
  readonly lifetimeSeconds: number;
  readonly now: () => Date;
}

const issuer = 'holdfast';
const audience = 'holdfast-api';
const algorithm = 'EdDSA';
const cacheSizeMax = 5_000;

const keySetSchema = z.object({
  keys: z
    .array(
      z.looseObject({
        kty: z.literal('OKP'),
        crv: z.literal('Ed25519'),
        kid: z.string().min(1),
        x: z.string(),
        d: z.string(),
      }),
    )
    .min(1),
});

type VerifiedToken = { readonly claims: AccessClaims; readonly expiresAtMs: number };

/** Access tokens (EdDSA JWTs) and refresh tokens. Only keys of our own set are ever looked at (A4). */
export async function createTokens(options: TokensOptions): Promise<Tokens> {
  const { keys } = keySetSchema.parse(JSON.parse(options.authKeys));
  const [first] = keys;
  if (first === undefined) throw new Error('AUTH_KEYS holds no key');
  const signingKey = await importJWK(first as JWK, algorithm);
  const publicKeys = new Map(
    await Promise.all(
      keys.map(async ({ kty, crv, kid, x }) => [kid, await importJWK({ kty, crv, x }, algorithm)] as const),
    ),
  );
  const successorSecret = Buffer.from(hkdfSync('sha256', options.secret, '', 'holdfast refresh successor', 32));
  // A signature that held once holds for ever: only the end of the token is checked again.
  const verified = new Map<string, VerifiedToken>();

  async function check(token: string): Promise<VerifiedToken> {
    const { payload } = await jwtVerify(token, keyOf, {
      algorithms: [algorithm],
      issuer,
      audience,
      requiredClaims: ['sub', 'sid', 'iat', 'exp'],
      currentDate: options.now(),
    });
    const { sub, sid, exp } = z.object({ sub: z.uuid(), sid: z.uuid(), exp: z.number() }).parse(payload);
    return { claims: { userId: sub, loginId: sid }, expiresAtMs: exp * 1_000 };
  }

  function keyOf(header: { kid?: string }) {
    const key = publicKeys.get(header.kid ?? '');
    if (key === undefined) throw new errors.JWKSNoMatchingKey();
    return key;
  }

  return {
    async issue({ userId, loginId }) {
      const issuedAt = Math.floor(options.now().getTime() / 1_000);
      const expiresAt = issuedAt + options.lifetimeSeconds;
      const token = await new SignJWT({ sid: loginId })
        .setProtectedHeader({ alg: algorithm, kid: first.kid, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(userId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(signingKey);
      return { token, expiresAt: new Date(expiresAt * 1_000).toISOString() };
    },
    async verify(token) {
      try {
        const known = verified.get(token) ?? (await check(token));
        if (known.expiresAtMs <= options.now().getTime()) return { ok: false, reason: 'expired' };
        remember(verified, token, known);
        return { ok: true, ...known };
      } catch (error) {
        if (error instanceof errors.JWTExpired) return { ok: false, reason: 'expired' };
        if (error instanceof errors.JOSEError || error instanceof z.ZodError) return { ok: false, reason: 'invalid' };
        throw error;
      }
    },
    newRefreshToken: () => refreshToken(randomBytes(32)),
    hashOf: hashOfToken,
    successorOf: (token) => refreshToken(createHmac('sha256', successorSecret).update(token).digest()),
  };
}

function remember(verified: Map<string, VerifiedToken>, token: string, known: VerifiedToken): void {
  verified.delete(token);
  verified.set(token, known);
  const [oldest] = verified.keys();
  if (verified.size > cacheSizeMax && oldest !== undefined) verified.delete(oldest);
}

function refreshToken(bytes: Buffer): RefreshToken {
  const token = bytes.toString('base64url');
  return { token, hash: hashOfToken(token) };
}

function hashOfToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
