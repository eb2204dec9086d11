import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../platform/ports.ts';
import { findTemporalCli } from '../../cli/infrastructure/temporal-finder.ts';
import { startTemporal, type TemporalServer } from '../../cli/infrastructure/temporal.ts';
import { testEnvironment } from '../support/environment.ts';
import { eventually } from '../support/eventually.ts';
import { createStory, type Story } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';

describe('a Temporal that is killed and started again from its file', () => {
  const home = mkdtempSync(join(tmpdir(), 'holdfast-temporal-'));
  let port: number;
  let server: TemporalServer;
  let stack: Stack;
  let story: Story;

  async function start(): Promise<void> {
    const { variables: environment, temporalCliPath: cliPath } = testEnvironment();
    const found = await findTemporalCli({ cliPath, environment, onProgress: (line) => console.log(line) });
    server = await startTemporal({ cliPath: found, home, port, uiPort: 'none', environment });
    assert.equal(server.port, port);
  }
  async function kill(): Promise<void> {
    process.kill(Number(readFileSync(join(home, 'temporal.pid'), 'utf8')), 'SIGKILL');
    await server.exited;
  }

  before(async function () {
    this.timeout(60_000);
    port = await freePort();
    await start();
    stack = await startStack({ temporal: { address: server.address, namespace: 'default' }, replayAlways: false });
    story = createStory(stack);
  });
  after(async function () {
    this.timeout(60_000);
    await stack?.stop();
    await server?.stop();
    rmSync(home, { recursive: true, force: true });
  });
  afterEach(() => story.assertMoney());

  it('S27: with a hundred sagas in flight, all of them finish, and nothing is done twice', async () => {
    const people = await Promise.all(Array.from({ length: 10 }, () => story.person({ credits: 40 })));
    const wishes = Array.from({ length: 100 }, (_, number) => ({ prompt: `Saga ${number}; [slow:3s]` }));
    const orders = Promise.all(wishes.map((wish, number) => story.order(people[number % 10] ?? assert.fail(), wish)));
    await eventually(async () => (await story.count("app.generation WHERE status = 'running'")) >= 20, {
      withinMs: 30_000,
    });
    await kill();
    const ids = await orders.catch(() => undefined);
    await start();
    const all = async () =>
      (await story.count("app.generation WHERE status = 'succeeded'")) === (await story.count('app.generation'));
    await eventually(all, { withinMs: 120_000, everyMs: 200 });
    const { tasks } = await stack.studio.state();
    assert.equal(tasks.length, await story.count('app.generation'));
    assert.ok(ids === undefined || ids.length === 100);
  }).timeout(240_000);

  it('W4: a notification that comes while Temporal is down is stored, answered 200, and credited afterwards', async () => {
    const vera = await story.person();
    const { id, paymentId } = await story.buy(vera);
    await kill();
    await stack.shop.control(`/payments/${paymentId}/succeed`, { notify: false });
    assert.equal(await story.notify(paymentId), 200);
    const refused = await story.placeTopup(vera, { key: randomUUID() });
    assert.deepEqual([refused.status, refused.body.code], [503, 'temporarily_unavailable']);
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
    await start();
    await story.until(id, 'credited', 60_000);
    assert.equal(await story.count("app.inbox WHERE fact ->> 'paymentId' = $1 AND attempts > 0", [paymentId]), 0);
    // The order that was refused for now stands in its row, and the pump starts its saga.
    const left = (
      await stack.owner.query<{ id: string }>('SELECT id FROM app.topup WHERE user_id = $1 AND id <> $2', [vera.id, id])
    ).rows[0];
    await story.until(left?.id ?? '', 'awaiting_payment', 60_000);
  }).timeout(180_000);
});
