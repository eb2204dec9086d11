import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { money } from '../../core/money.ts';
import { createLedger } from '../../ledger/ledger.ts';
import { because } from '../support/ledger.ts';
import { type MiniApp, settled, startMiniApp } from '../support/mini-app.ts';
import { insertPerson } from '../support/orders.ts';

describe('orders in the Mini App', function () {
  this.timeout(60_000);
  let app: MiniApp;

  before(async () => {
    app = await startMiniApp();
  });

  after(() => app.stop());

  async function give(person: string, amountMinor: bigint): Promise<string> {
    const { userId } = await app.stack.api.logIn(person);
    await createLedger(app.stack.pool).credit({
      key: `test/${randomUUID()}`,
      cause: because('gift'),
      owner: userId,
      amount: money(amountMinor, 'CREDIT'),
      bucket: 'paid',
      source: 'issued:CREDIT',
    });
    return userId;
  }

  /** Orders of a person that end in a status, the oldest first, a minute apart. */
  async function insert(userId: string, status: string, count: number): Promise<void> {
    await app.stack.owner.query(
      `INSERT INTO app.generation (id, user_id, request_hash, provider, model_id, catalogue_version, price_minor,
         unit_price_minor, price_asset, pictures, provider_model, provider_options, prompt_excerpt, status, created_at)
       SELECT gen_random_uuid(), $1, '', 'kie', 'nano-banana', 'v1', 4, 4, 'CREDIT', 1, 'model', '{}',
              $2 || ' ' || i, $2, now() - make_interval(mins => 1000 - i)
       FROM generate_series(1, $3::int) i`,
      [userId, status, count],
    );
  }

  it('that nobody draws yet show their place in line, and move up with the others', async () => {
    await give('anna', 100n);
    await insert(await insertPerson(app.stack.owner), 'reserved', 2);
    await app.stack.studio.faults({ path: '/api/v1/jobs/createTask', fault: { kind: 'delay', ms: 10_000 } });
    const { page, errors } = await app.open({ path: '/generate' });
    await page.getByLabel('What to draw').fill('A queue in the rain');
    await page.getByRole('button', { name: /Create for/ }).click();
    await page.getByText('3rd in line').waitFor();
    await app.stack.owner.query(`UPDATE app.generation SET status = 'canceled' WHERE prompt_excerpt = 'reserved 1'`);
    await page.getByText('2nd in line').waitFor({ timeout: 15_000 });
    await app.stack.studio.faults();
    await page.getByRole('img', { name: /A queue in the rain/ }).waitFor({ timeout: 40_000 });
    assert.deepEqual(errors, []);
  });

  it('are filtered by the server: what lies many pages behind is found at once', async () => {
    const userId = await give('sonya', 10n);
    await insert(userId, 'failed', 1);
    await insert(userId, 'succeeded', 30);
    const { page } = await app.open({ person: 'sonya', path: '/history' });
    const tiles = page.locator('.tile');
    assert.equal(await tiles.count(), 20);
    await page.getByRole('radio', { name: 'Not made' }).check();
    await page.getByRole('button', { name: /failed 1/ }).waitFor();
    await settled(page);
    assert.equal(await tiles.count(), 1);
    await page.getByRole('radio', { name: 'In work' }).check();
    await page.getByText('Nothing of this kind').waitFor();
    await page.getByRole('radio', { name: 'Ready' }).check();
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByRole('button', { name: /succeeded 1$/ }).waitFor();
    assert.equal(await tiles.count(), 30);
  });

  it('and operations are, too', async () => {
    await give('oleg', 10n);
    const { page } = await app.open({ person: 'oleg', path: '/history' });
    await page.getByRole('radio', { name: 'Operations' }).check();
    await page.getByText('+10 credits').waitFor();
    await page.getByRole('radio', { name: 'Spent' }).check();
    await page.getByText('Nothing of this kind').waitFor();
    await page.getByRole('radio', { name: 'Added' }).check();
    await page.getByText('+10 credits').waitFor();
  });
});
