import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createStore } from '../../providers/simulator-store.ts';
import { eventually } from '../support/eventually.ts';
import { type Receiver, type Shop, openReceiver, openShop } from '../support/yookassa.ts';

const body = { amount: { value: '100.00', currency: 'RUB' }, capture: true };

const simulatorProcess = fileURLToPath(new URL('../support/simulator-process.ts', import.meta.url));

describe('A simulator', () => {
  let folder: string;
  let statePath: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-simulator-'));
    statePath = join(folder, 'state', 'yookassa.jsonl');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const create = (shop: Shop, key: string = randomUUID()) => shop.call('POST', '/payments', { key, body });

  it('knows after a restart what it knew before, keys and clock too', async () => {
    const key = randomUUID();
    let shop = await openShop({ statePath });
    const { body: made } = await create(shop, key);
    await shop.control('/clock', { advanceMs: 60_000 });
    await shop.stop();

    shop = await openShop({ statePath });
    assert.equal((await create(shop, key)).body.id, made.id);
    const { body: later } = await create(shop);
    assert.ok(Date.parse(later.created_at ?? '') - Date.parse(made.created_at ?? '') >= 60_000);
    assert.equal((await shop.state()).payments.length, 2);
    await shop.stop();
  });

  it('tells how far its clock runs ahead, and goes back to the true time', async () => {
    const shop = await openShop({ statePath });
    await shop.control('/clock', { advanceMs: 60_000 });
    assert.equal(((await shop.control('/clock', { advanceMs: 3_000 })) as { aheadMs: number }).aheadMs, 63_000);
    const { now, aheadMs } = (await shop.control('/clock', { aheadMs: 0 })) as { now: string; aheadMs: number };
    assert.equal(aheadMs, 0);
    assert.ok(Math.abs(Date.parse(now) - Date.now()) < 30_000);
    await shop.stop();
  });

  it('waits no longer for what is due when its clock is turned back', async () => {
    const receiver: Receiver = await openReceiver();
    receiver.answerWith(500);
    const shop = await openShop({ statePath, webhookUrl: receiver.url });
    await shop.control('/clock', { advanceMs: 30 * 86_400_000 });
    const { body: made } = await create(shop);
    await shop.control(`/payments/${made.id}/succeed`);
    await eventually(async () => (await shop.state()).notifications[0]?.attempts === 1);
    receiver.answerWith(200);
    await shop.control('/clock', { aheadMs: 0 });
    await shop.control('/clock', { advanceMs: 10_000 });
    await eventually(() => receiver.received.length === 2);
    await shop.stop();
    await receiver.close();
  });

  it('delivers after a restart what it had still to tell', async () => {
    const receiver: Receiver = await openReceiver();
    receiver.answerWith(500);
    let shop = await openShop({ statePath, webhookUrl: receiver.url });
    const { body: made } = await create(shop);
    await shop.control(`/payments/${made.id}/succeed`);
    await eventually(() => receiver.received.length === 1);
    await eventually(async () => (await shop.state()).notifications[0]?.attempts === 1);
    await shop.stop();

    receiver.answerWith(200);
    shop = await openShop({ statePath, webhookUrl: receiver.url });
    await shop.control('/clock', { advanceMs: 10_000 });
    await eventually(() => receiver.received.length === 2);
    assert.equal(receiver.received[1]?.body, receiver.received[0]?.body);
    await shop.stop();
    await receiver.close();
  });

  it('loses nothing that it answered when it is killed', async () => {
    const child: ChildProcess = spawn(process.execPath, [simulatorProcess, statePath], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [url] = (await once(createInterface({ input: child.stdout ?? process.stdin }), 'line')) as [string];
    const authorization = `Basic ${Buffer.from('100500:test_secret_key_123').toString('base64')}`;
    const answered: string[] = [];
    const buyer = async () => {
      for (;;) {
        const answer = await fetch(`${url}/v3/payments`, {
          method: 'POST',
          headers: { authorization, 'idempotence-key': randomUUID(), 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
        answered.push(((await answer.json()) as { id: string }).id);
        if (answered.length === 60) child.kill('SIGKILL');
      }
    };
    await Promise.allSettled([buyer(), buyer(), buyer(), buyer()]);

    const shop = await openShop({ statePath });
    const kept = new Set((await shop.state()).payments.map(({ id }) => id));
    await shop.stop();
    assert.ok(answered.length >= 60);
    assert.deepEqual(
      answered.filter((id) => !kept.has(id)),
      [],
    );
  });

  it('forgets everything at a reset, in its file too', async () => {
    let shop = await openShop({ statePath });
    await create(shop);
    await shop.control('/reset');
    await shop.stop();
    shop = await openShop({ statePath });
    assert.deepEqual(await shop.state(), { payments: [], refunds: [], notifications: [] });
    await shop.stop();
  });

  it('leaves out a last line that a kill has torn, and refuses a file that is damaged inside', () => {
    const store = createStore(statePath);
    store.collection<number>('things').put('one', 1);
    store.close();
    appendFileSync(statePath, '[["things","two",');
    const again = createStore(statePath);
    assert.deepEqual([...again.collection<number>('things').values()], [1]);
    again.close();

    writeFileSync(statePath, `not json\n${readFileSync(statePath, 'utf8')}`);
    assert.throws(() => createStore(statePath), /line 1 is damaged/);
  });

  it('keeps changes that belong together in one line', () => {
    const store = createStore(statePath);
    const things = store.collection<number>('things');
    store.atomically(() => {
      things.put('one', 1);
      things.put('two', 2);
      things.delete('one');
    });
    store.close();
    assert.equal(readFileSync(statePath, 'utf8').trim().split('\n').length, 1);
    const again = createStore(statePath);
    assert.deepEqual([...again.collection<number>('things').ids()], ['two']);
    again.close();
  });

  it('answers its controls to this machine only', async () => {
    const shop = await openShop();
    const status = async (headers: Record<string, string>) =>
      (await fetch(`${shop.url}/_sim/state`, { headers })).status;
    assert.equal(await status({}), 200);
    assert.equal(await status({ 'x-forwarded-for': '127.0.0.1' }), 403);
    assert.equal(await status({ forwarded: 'for=127.0.0.1' }), 403);
    assert.equal(await status({ origin: 'https://elsewhere.example' }), 403);
    assert.equal(await status({ origin: shop.url }), 200);
    await shop.stop();
  });

  it('answers its own controls only under the same guard', async () => {
    const shop = await openShop();
    const answer = await fetch(`${shop.url}/_sim/options`, { headers: { 'x-forwarded-for': '127.0.0.1' } });
    assert.equal(answer.status, 403);
    await shop.stop();
  });

  it('moves aside for nobody: a port that is taken is an error', async () => {
    const shop = await openShop();
    await assert.rejects(openShop({ port: Number(new URL(shop.url).port) }), /EADDRINUSE/);
    await shop.stop();
  });
});
