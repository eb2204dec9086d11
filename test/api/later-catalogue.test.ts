import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { hashRequest } from '../../platform/request-hash.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { insertGeneration, insertTopup } from '../support/orders.ts';

describe('the repeat of an order that could not be placed any more', () => {
  let api: TestApi;
  let owner: pg.Pool;
  let anna: { token: string; userId: string };

  before(async () => {
    api = await startTestApi();
    owner = new pg.Pool({ connectionString: api.database.ownerUrl, max: 2 });
    anna = await api.logIn('anna');
  });

  after(async () => {
    await owner.end();
    await api.stop();
  });

  /** Lets an order be one that this body made under its key, when the catalogue was another. */
  async function madeBy(table: 'topup' | 'generation', id: string, body: object): Promise<void> {
    const hash = hashRequest(`post /${table}s`, body);
    await owner.query(`UPDATE app.${table} SET request_hash = $2 WHERE id = $1`, [id, hash]);
  }

  it('is answered from its row when the pack has left the catalogue', async () => {
    const body = { packId: 'credits-of-old', provider: 'yookassa' };
    const key = await insertTopup(owner, { person: anna.userId });
    await madeBy('topup', key, body);
    const repeated = await api.call('POST', '/topups', { token: anna.token, key, body });
    assert.deepEqual([repeated.status, repeated.headers.get('idempotency-replayed')], [202, 'true']);
    assert.equal(repeated.body.topup.id, key);
  });

  it('is answered from its row when the model has left the catalogue, or its picture has expired', async () => {
    for (const wish of [{ modelId: 'a-model-of-old' }, { modelId: 'nano-banana-edit', imageIds: [randomUUID()] }]) {
      const body = { prompt: 'a fox', ...wish };
      const { id: key } = await insertGeneration(owner, { person: anna.userId });
      await madeBy('generation', key, body);
      const repeated = await api.call('POST', '/generations', { token: anna.token, key, body });
      assert.deepEqual([repeated.status, repeated.headers.get('idempotency-replayed')], [202, 'true']);
      assert.equal(repeated.body.generation.id, key);
    }
  });

  it('shows a stranger nothing but that the pack is unknown', async () => {
    const body = { packId: 'credits-of-old', provider: 'yookassa' };
    const key = await insertTopup(owner, { person: anna.userId });
    await madeBy('topup', key, body);
    const { token } = await api.logIn('boris');
    assert.equal((await api.call('POST', '/topups', { token, key, body })).body.code, 'unknown_pack');
  });
});
