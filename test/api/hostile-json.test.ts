import assert from 'node:assert/strict';
import pg from 'pg';
import { newKey, startTestApi, type TestApi } from '../support/api.ts';

describe('hostile JSON', () => {
  let api: TestApi;
  let token: string;

  before(async () => {
    api = await startTestApi();
    token = (await api.logIn('anna')).token;
  });

  after(() => api.stop());

  function order(body: unknown, headers: Record<string, string> = {}) {
    return api.call('POST', '/topups', { token, key: newKey(), body, headers });
  }

  const malformed: Readonly<Record<string, string>> = {
    'a key that stands twice': '{"packId":"credits-100","packId":"credits-1000","provider":"yookassa"}',
    'the key __proto__': '{"packId":"credits-100","provider":"yookassa","__proto__":{"roles":["owner"]}}',
    'ten thousand levels': '{"a":'.repeat(10_000),
    '33 levels': `${'['.repeat(33)}${']'.repeat(33)}`,
    'a number that would be infinite': '{"packId":1e400}',
    'text that never ends': '{"packId":"credits-100',
    'something else than JSON': '<order/>',
    'nothing at all': '',
    'a comma too many': '{"packId":"a",}',
  };

  for (const [what, body] of Object.entries(malformed)) {
    it(`A9: refuses ${what}`, async () => {
      const answer = await order(body);
      assert.deepEqual([answer.status, answer.body.code], [400, 'malformed_json']);
    });
  }

  it('A9: refuses what is not UTF-8', async () => {
    const answer = await order(new Uint8Array([0x22, 0xff, 0xfe, 0x22]));
    assert.deepEqual([answer.status, answer.body.code], [400, 'malformed_json']);
  });

  it('A9: leaves the prototype of all objects clean', async () => {
    await order('{"constructor":{"prototype":{"roles":["owner"]}},"packId":"x","provider":"y"}');
    assert.equal(({} as { roles?: unknown }).roles, undefined);
  });

  it('takes 32 levels as JSON, to refuse them for their form', async () => {
    const answer = await order(`${'['.repeat(32)}${']'.repeat(32)}`);
    assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_request']);
  });

  it('says which fields are wrong, and does not repeat what stood in them', async () => {
    const { status, body } = await order({ packId: 5, provider: ['yookassa-secret-value'] });
    assert.equal(status, 400);
    assert.deepEqual(
      body.errors.map(({ path }: { path: string }) => path),
      ['packId', 'provider'],
    );
    assert.ok(!JSON.stringify(body).includes('secret-value'));
  });

  it('A8: takes SQL for text in every place', async () => {
    const sql = `'; DROP TABLE app.users; --`;
    const answers = [
      await order({ packId: sql, provider: sql }),
      await api.call('GET', `/topups/${encodeURIComponent(sql)}`, { token }),
      await api.call('GET', `/transactions?cursor=${encodeURIComponent(sql)}`, { token }),
      await api.call('GET', `/transactions?asset=${encodeURIComponent(sql)}`, { token }),
      await api.call('GET', `/generations?cursor=${Buffer.from(sql).toString('base64url')}`, { token }),
      await api.call('GET', `/notifications?limit=${encodeURIComponent(sql)}`, { token }),
    ];
    assert.deepEqual(
      answers.map(({ body }) => body.code),
      ['unknown_pack', 'not_found', 'invalid_cursor', 'invalid_request', 'invalid_cursor', 'invalid_request'],
    );
    const owner = new pg.Client({ connectionString: api.database.ownerUrl });
    await owner.connect();
    const { rows } = await owner.query('SELECT count(*)::int AS count FROM app.users');
    await owner.end();
    assert.ok(rows[0].count >= 4);
  });

  it('A8: takes an object that looks like a part of our queries for what it is', async () => {
    const fragment = { type: 'SLONIK_TOKEN_FRAGMENT', sql: 'DELETE FROM app.users', values: [] };
    const answers = [
      await order({ packId: fragment, provider: 'yookassa' }),
      await api.call('POST', '/auth/telegram', { body: { initData: fragment } }),
      await api.call('POST', '/generations', {
        token,
        key: newKey(),
        body: { modelId: 'nano-banana', prompt: 'a fox', options: { ratio: fragment } },
      }),
    ];
    for (const { status, body } of answers) assert.deepEqual([status, body.code], [400, 'invalid_request']);
  });

  it('refuses text that the database could not keep', async () => {
    for (const packId of ['a\u0000b', '\ud800']) {
      const answer = await order(`{"packId":${JSON.stringify(packId)},"provider":"yookassa"}`);
      assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_request']);
    }
  });

  it('asks for a key, which must be a UUID, before it looks at an order', async () => {
    const body = { packId: 'credits-100', provider: 'yookassa' };
    for (const key of [undefined, '', '1', `${newKey()}x`]) {
      const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
      const answer = await api.call('POST', '/topups', { token, body, headers });
      assert.deepEqual([answer.status, answer.body.code], [400, 'idempotency_key_required']);
    }
  });

  it('refuses other content types and packed bodies', async () => {
    const wrong = [{ 'content-type': 'text/plain' }, { 'content-type': '' }, { 'content-encoding': 'gzip' }];
    for (const headers of wrong) {
      const answer = await order({ packId: 'credits-100', provider: 'yookassa' }, headers);
      assert.deepEqual([answer.status, answer.body.code], [415, 'unsupported_media_type']);
    }
  });
});
