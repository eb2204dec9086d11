import assert from 'node:assert/strict';
import { startTestApi, type TestApi } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { connectRaw, statusOf } from '../support/raw-http.ts';

const page = 'https://shop.example.org';

describe('origins and hosts', () => {
  let api: TestApi;
  let token: string;

  before(async () => {
    api = await startTestApi({ variables: { CORS_ORIGINS: `${page}, https://admin.example.org` } });
    token = (await api.logIn('anna')).token;
  });

  after(() => api.stop());

  function preflight(origin: string) {
    const headers = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'idempotency-key',
    };
    return fetch(`${api.url}/api/v1/topups`, { method: 'OPTIONS', headers });
  }

  it('A15: a page of ours may call, with the headers it needs', async () => {
    const asked = await preflight(page);
    assert.equal(asked.status, 204);
    assert.equal(asked.headers.get('access-control-allow-origin'), page);
    assert.match(asked.headers.get('access-control-allow-headers') ?? '', /idempotency-key/);
    const { status, headers } = await api.call('GET', '/me', { token, headers: { origin: page } });
    assert.equal(status, 200);
    assert.equal(headers.get('access-control-allow-origin'), page);
    assert.equal(headers.get('access-control-allow-credentials'), null);
  });

  it('A15: a refusal can be read by a page of ours', async () => {
    const { status, headers } = await api.call('GET', '/me', { headers: { origin: page } });
    assert.equal(status, 401);
    assert.equal(headers.get('access-control-allow-origin'), page);
  });

  for (const origin of ['https://evil.example', 'null', `${page}.evil.example`, 'http://shop.example.org']) {
    it(`A15: a page of ${origin} is refused`, async () => {
      assert.equal((await preflight(origin)).headers.get('access-control-allow-origin'), null);
      const { status, body, headers } = await api.call('GET', '/me', { token, headers: { origin } });
      assert.deepEqual([status, body.code], [403, 'origin_not_allowed']);
      assert.equal(headers.get('access-control-allow-origin'), null);
    });
  }

  it('A15: the reference page of this very host may call', async () => {
    assert.equal((await api.call('GET', '/me', { token, headers: { origin: api.url } })).status, 200);
  });

  it('A11: what the client calls our host is nowhere in an answer', async () => {
    for (const lines of [
      'Host: a@evil.example',
      'Host: x\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https',
    ]) {
      const raw = await connectRaw(api.url);
      raw.send(`GET /openapi.json HTTP/1.1\r\n${lines}\r\nReferer: https://evil.example/\r\nConnection: close\r\n\r\n`);
      await eventually(() => raw.socket.closed);
      assert.ok([200, 400].includes(statusOf(raw.received())));
      assert.ok(!raw.received().includes('evil.example'));
    }
  });

  it('A11: a path of another host is no redirect', async () => {
    for (const path of ['//evil.example/', '/\\evil.example', '/docs/..%2f..%2f', '/%E0%A4%A']) {
      const answer = await fetch(`${api.url}${path}`, { redirect: 'manual' });
      assert.ok(answer.status === 404 || answer.status === 400, `${path}: ${answer.status}`);
      assert.equal(answer.headers.get('location'), null);
    }
  });

  it('answers carry the headers that take from a browser what an API never needs', async () => {
    const { headers } = await api.call('GET', '/me', { token });
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/);
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.equal(headers.get('x-powered-by'), null);
  });

  it('a wrong method is told apart from a wrong place', async () => {
    const wrongMethod = await fetch(`${api.url}/api/v1/me`, { method: 'DELETE' });
    assert.equal(wrongMethod.status, 405);
    assert.match(wrongMethod.headers.get('allow') ?? '', /GET/);
    assert.equal((await api.call('GET', '/nowhere')).body.code, 'not_found');
  });
});
