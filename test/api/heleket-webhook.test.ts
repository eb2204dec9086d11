import assert from 'node:assert/strict';
import pg from 'pg';
import { phpJson, sign } from '../../providers/heleket/signature.ts';
import { newKey, startTestApi, type TestApi } from '../support/api.ts';

const [fresh, old] = ['the key in force', 'the key before'];

function signed(uuid: string, key: string, fields: object = {}): string {
  const body = { type: 'payment', uuid, status: 'paid', additional_data: 'a/b "Ж"', ...fields };
  return phpJson({ ...body, sign: sign(phpJson(body), key) });
}

describe('webhooks of Heleket', () => {
  let api: TestApi;
  let owner: pg.Client;
  before(async () => {
    const variables = {
      HELEKET_MERCHANT_ID: newKey(),
      HELEKET_PAYMENT_KEY: fresh,
      HELEKET_PAYMENT_KEY_PREVIOUS: old,
    };
    api = await startTestApi({ variables });
    owner = new pg.Client({ connectionString: api.database.ownerUrl });
    await owner.connect();
  });
  after(async () => {
    await owner.end();
    await api.stop();
  });

  const send = (body: string) =>
    fetch(`${api.url}/webhooks/heleket`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  async function stored(uuid: string) {
    const { rows } = await owner.query('SELECT * FROM app.inbox WHERE dedupe_key = $1', [`${uuid}:paid`]);
    return rows;
  }

  it('W1: twenty at once are stored once and answered 200', async () => {
    const uuid = newKey();
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(signed(uuid, fresh))));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    const rows = await stored(uuid);
    assert.deepEqual([rows.length, rows[0].deliveries], [1, 20]);
    assert.deepEqual(rows[0].fact, { kind: 'payment', provider: 'heleket', paymentId: uuid });
  });

  it('W14: signed with the key before the last change are taken while it is set', async () => {
    const uuid = newKey();
    assert.equal((await send(signed(uuid, old))).status, 200);
    assert.equal((await stored(uuid)).length, 1);
  });

  it('W13: forged, altered or unsigned are refused, and leave nothing', async () => {
    const uuid = newKey();
    const good = signed(uuid, fresh);
    const bad = [
      signed(uuid, 'a key of nobody'),
      good.replace('"paid"', '"fail"'),
      good.replace(/,"sign":"[^"]*"/, ''),
      good.replace(/"sign":"[^"]*"/, '"sign":""'),
      good.replace(/"sign":"[^"]*"/, '"sign":["a"]'),
      '{}',
      '[]',
    ];
    for (const body of bad) {
      const answer = await send(body);
      const { code } = (await answer.json()) as { code: string };
      assert.deepEqual([answer.status, code], [401, 'signature_invalid'], body);
    }
    assert.deepEqual(await stored(uuid), []);
  });

  it('that speak of no payment are taken and ignored', async () => {
    assert.equal((await send(signed(newKey(), fresh, { type: 'payout' }))).status, 200);
  });

  it('that are no JSON are refused', async () => assert.equal((await send('not json')).status, 400));
});
