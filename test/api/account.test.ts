import assert from 'node:assert/strict';
import { startTestApi, type TestApi } from '../support/api.ts';

describe('the account', () => {
  let api: TestApi;
  let token: string;

  before(async () => {
    api = await startTestApi();
    token = (await api.logIn('anna')).token;
  });

  after(() => api.stop());

  it('shows who I am', async () => {
    const { status, body } = await api.call('GET', '/me', { token });
    assert.equal(status, 200);
    assert.equal(body.user.telegramId, 7_100_000_001);
    assert.deepEqual(body.modules, ['topup', 'generation', 'stars']);
    assert.deepEqual(body.wallets, []);
  });
});
