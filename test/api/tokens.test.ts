import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { importJWK, type JWK, SignJWT } from 'jose';
import { newAuthKey, startTestApi, type TestApi } from '../support/api.ts';

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

describe('access tokens', () => {
  let api: TestApi;
  let ours: { kid: string } & JWK;
  let userId: string;
  let loginId: string;
  let token: string;
  let shiftMs = 0;

  before(async () => {
    api = await startTestApi({ now: () => new Date(Date.now() + shiftMs) });
    const { keys } = JSON.parse(api.config.authKeys.reveal());
    [ours] = keys;
    ({ token, userId } = await api.logIn('anna'));
    loginId = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).sid;
  });

  after(() => api.stop());

  interface Forgery {
    readonly claims?: Record<string, unknown>;
    readonly header?: Record<string, unknown>;
    readonly key?: JWK;
  }

  /** A token with our own key and claims, but for what is forged about it. */
  async function forge({ claims = {}, header = {}, key = ours }: Forgery): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    const honest = { iss: 'holdfast', aud: 'holdfast-api', sub: userId, sid: loginId, iat: now, exp: now + 60 };
    return new SignJWT({ ...honest, ...claims })
      .setProtectedHeader({ alg: 'EdDSA', kid: ours.kid, ...header })
      .sign(await importJWK(key, 'EdDSA'));
  }

  async function refusal(forged: string): Promise<string> {
    const { status, body } = await api.call('GET', '/me', { token: forged });
    return `${status} ${body.code ?? ''}`;
  }

  it('is accepted when nothing about it is forged', async () => {
    assert.equal(await refusal(await forge({})), '200 ');
  });

  it('A4: refuses a token without a signature', async () => {
    const [, claims] = token.split('.');
    assert.equal(await refusal(`${encode({ alg: 'none' })}.${claims}.`), '401 token_invalid');
    assert.equal(await refusal(`${encode({ alg: 'none', kid: ours.kid })}.${claims}.AAAA`), '401 token_invalid');
  });

  it('A4: refuses a token that is signed with our public key as a shared secret', async () => {
    const signed = `${encode({ alg: 'HS256', kid: ours.kid })}.${token.split('.')[1]}`;
    for (const secret of [ours.x ?? '', Buffer.from(ours.x ?? '', 'base64url')]) {
      const signature = createHmac('sha256', secret).update(signed).digest('base64url');
      assert.equal(await refusal(`${signed}.${signature}`), '401 token_invalid');
    }
  });

  it('A4: looks for no key outside of its own set', async () => {
    const foreign = await newAuthKey('foreign');
    for (const header of [
      { kid: 'foreign' },
      { kid: '../../../../dev/null' },
      { jku: 'http://127.0.0.1:1/keys.json' },
      { jwk: { kty: 'OKP', crv: 'Ed25519', x: foreign.x } },
    ]) {
      assert.equal(await refusal(await forge({ key: foreign, header })), '401 token_invalid');
    }
    assert.equal(await refusal(await forge({ header: { kid: undefined } })), '401 token_invalid');
  });

  it('A4: refuses a token for somebody else, from somebody else, for later, or without an end', async () => {
    const forgeries = [
      { aud: 'another-api' },
      { iss: 'somebody' },
      { nbf: Math.floor(Date.now() / 1_000) + 600 },
      { exp: undefined },
      { sub: undefined },
      { sid: randomUUID() },
      { sub: randomUUID() },
      { sub: "'; DROP TABLE app.users; --" },
    ];
    for (const claims of forgeries) assert.equal(await refusal(await forge({ claims })), '401 token_invalid');
  });

  it('A4: says of an expired token that it has expired, though it was good a moment ago', async () => {
    assert.equal(await refusal(token), '200 ');
    shiftMs = 16 * 60 * 1_000;
    assert.equal(await refusal(token), '401 token_expired');
    shiftMs = 0;
  });

  it('A4: does not take an access token for a refresh token', async () => {
    const { status, body } = await api.call('POST', '/auth/refresh', { body: { refreshToken: token.slice(0, 200) } });
    assert.deepEqual([status, body.code], [401, 'refresh_token_invalid']);
  });

  it('asks for a token where there is none, and says how', async () => {
    const answer = await api.call('GET', '/me');
    assert.deepEqual([answer.status, answer.body.code], [401, 'token_required']);
    assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
    assert.equal((await api.call('GET', '/me', { headers: { authorization: 'Basic YTpi' } })).status, 401);
  });
});
