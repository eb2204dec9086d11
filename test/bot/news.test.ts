import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BotEngine, openBotEngine } from '../support/bot-engine.ts';
import { textOf } from '../support/conversation.ts';
import { eventually } from '../support/eventually.ts';
import { insertGeneration } from '../support/orders.ts';

const credited = (amountMinor: string) => ({ topupId: 'any', amountMinor, asset: 'CREDIT' });

describe('news in the chat', () => {
  let engine: BotEngine;
  let anna: string;
  let boris: string;

  before(async () => {
    engine = await openBotEngine();
    for (const name of ['anna', 'boris']) await engine.with(name).act('/start', {});
    [anna, boris] = [await idOf('anna'), await idOf('boris')];
  });
  after(() => engine.stop());

  afterEach(async () => {
    await engine.faults();
    await engine.owner.query(`UPDATE app.outbox SET state = 'dropped' WHERE state IN ('pending', 'sending')`);
    await engine.owner.query('UPDATE app.users SET chat_blocked_at = NULL');
  });

  async function idOf(name: string): Promise<string> {
    const { rows } = await engine.owner.query('SELECT id FROM app.users WHERE telegram_id = $1', [
      engine.with(name).telegramId,
    ]);
    return rows[0].id;
  }

  async function tell(userId: string, kind: string, data: object): Promise<number> {
    await engine.owner.query('SELECT app.tell($1, $2, $3)', [userId, kind, JSON.stringify(data)]);
    const { rows } = await engine.owner.query('SELECT max(seq)::int AS seq FROM app.outbox WHERE user_id = $1', [
      userId,
    ]);
    return rows[0].seq;
  }

  async function stateOf(userId: string, seq: number): Promise<string> {
    const { rows } = await engine.owner.query('SELECT state FROM app.outbox WHERE user_id = $1 AND seq = $2', [
      userId,
      seq,
    ]);
    return rows[0].state;
  }

  async function amountsIn(name: string): Promise<number[]> {
    const messages = await engine.with(name).messages();
    return messages.flatMap((message) => {
      const found = /^(?:Зачислено|Added|Credited|\+)\D*(\d+)/m.exec(textOf(message));
      return found === null ? [] : [Number(found[1])];
    });
  }

  it('are told once and in order by two processes, each of which could', async () => {
    const bots = [await engine.startBot(), await engine.startBot()];
    for (let amount = 1; amount <= 5; amount += 1) await tell(anna, 'topup.credited', credited(String(amount)));
    const last = await tell(boris, 'topup.credited', credited('77'));
    await eventually(async () => (await amountsIn('anna')).length >= 5, { withinMs: 15_000 });
    await eventually(async () => (await stateOf(boris, last)) === 'sent');
    assert.deepEqual(await amountsIn('anna'), [1, 2, 3, 4, 5]);
    for (const bot of bots) await bot.stop();
    assert.deepEqual(await amountsIn('anna'), [1, 2, 3, 4, 5]);
  });

  it('whose answer is lost are unsure, and are not told twice', async () => {
    await engine.faults({ method: 'sendMessage', fault: { kind: 'drop-after' } });
    const seq = await tell(anna, 'topup.credited', credited('100'));
    const next = await tell(anna, 'topup.credited', credited('101'));
    const bot = await engine.startBot();
    await eventually(async () => (await stateOf(anna, next)) === 'sent');
    assert.equal(await stateOf(anna, seq), 'unsure');
    assert.deepEqual((await amountsIn('anna')).slice(-2), [100, 101]);
    await bot.stop();
  });

  it('T7: of a person who has blocked the bot are dropped, and nothing is tried until they come back', async () => {
    await engine.with('boris').act('/block', {});
    const bot = await engine.startBot();
    const seq = await tell(boris, 'topup.credited', credited('200'));
    await eventually(async () => (await stateOf(boris, seq)) === 'dropped');
    const { rows } = await engine.owner.query('SELECT chat_blocked_at FROM app.users WHERE id = $1', [boris]);
    assert.notEqual(rows[0].chat_blocked_at, null);
    // Whoever tried all the same would not know whether it was told.
    await engine.faults({ method: 'sendMessage', fault: { kind: 'status', status: 500 }, times: 100 });
    const meanwhile = await tell(boris, 'topup.credited', credited('200'));
    await eventually(async () => (await stateOf(boris, meanwhile)) === 'dropped');
    await engine.faults();
    await engine.with('boris').act('/unblock', {});
    await eventually(async () => {
      const found = await engine.owner.query('SELECT chat_blocked_at FROM app.users WHERE id = $1', [boris]);
      return found.rows[0].chat_blocked_at === null;
    });
    const after = await tell(boris, 'topup.credited', credited('201'));
    await eventually(async () => (await stateOf(boris, after)) === 'sent');
    await bot.stop();
  });

  it('T11: wait while Telegram is down and are told later; those of yesterday are dropped', async () => {
    const stale = await tell(anna, 'topup.credited', credited('300'));
    await engine.owner.query(
      `UPDATE app.outbox SET created_at = now() - interval '24 hours 1 minute' WHERE user_id = $1 AND seq = $2`,
      [anna, stale],
    );
    const bot = await engine.startBot();
    await eventually(async () => (await stateOf(anna, stale)) === 'dropped');
    await engine.away();
    const fresh = await tell(anna, 'topup.credited', credited('301'));
    const during = await tell(boris, 'topup.credited', credited('302'));
    await sleep(1_500);
    assert.ok(['pending', 'sending'].includes(await stateOf(boris, during)));
    await engine.back();
    for (const [person, seq] of [[anna, fresh] as const, [boris, during] as const]) {
      await eventually(async () => (await stateOf(person, seq)) === 'sent', { withinMs: 30_000 });
    }
    assert.deepEqual((await amountsIn('anna')).slice(-1), [301]);
    assert.ok(!(await amountsIn('anna')).includes(300));
    await bot.stop();
  });

  it('that Telegram does not take for now are told after exactly that time', async () => {
    const body = {
      ok: false,
      error_code: 429,
      description: 'Too Many Requests: retry after 2',
      parameters: { retry_after: 2 },
    };
    await engine.faults({ method: 'sendMessage', fault: { kind: 'status', status: 429, body } });
    const bot = await engine.startBot();
    const startedAt = performance.now();
    const seq = await tell(anna, 'topup.credited', credited('400'));
    await eventually(async () => (await stateOf(anna, seq)) === 'sent');
    const tookMs = performance.now() - startedAt;
    assert.ok(tookMs >= 2_000 && tookMs < 6_000, `${tookMs} ms`);
    assert.deepEqual((await amountsIn('anna')).slice(-1), [400]);
    await bot.stop();
  });

  it('outlive a token that is refused for a while: they are kept, not dropped', async () => {
    const body = { ok: false, error_code: 401, description: 'Unauthorized' };
    await engine.faults({ method: 'sendMessage', fault: { kind: 'status', status: 401, body } });
    const bot = await engine.startBot();
    const seq = await tell(anna, 'topup.credited', credited('450'));
    await eventually(async () => {
      const { rows } = await engine.owner.query(
        'SELECT state, send_after > now() AS waits FROM app.outbox WHERE user_id = $1 AND seq = $2',
        [anna, seq],
      );
      return rows[0].state === 'pending' && rows[0].waits === true;
    });
    await bot.stop();
  });

  it('that a killed process was about to tell are unsure after two minutes, and what stands behind them goes on', async () => {
    const lost = await tell(anna, 'topup.credited', credited('500'));
    const behind = await tell(anna, 'topup.credited', credited('501'));
    await engine.owner.query(
      `UPDATE app.outbox SET state = 'sending', sending_at = now() - interval '3 minutes'
       WHERE user_id = $1 AND seq = $2`,
      [anna, lost],
    );
    const bot = await engine.startBot();
    await eventually(async () => (await stateOf(anna, behind)) === 'sent');
    assert.equal(await stateOf(anna, lost), 'unsure');
    await bot.stop();
  });

  it('of an order with a message of its own are shown there, unless the message is gone', async () => {
    const shown = (await insertGeneration(engine.owner, { person: anna })).id;
    const gone = (await insertGeneration(engine.owner, { person: anna })).id;
    await engine.owner.query(
      `INSERT INTO app.status_message (generation_id, chat_id, message_id, state)
       VALUES ($1, $3, 1, 'done'), ($2, $3, 1, 'gone')`,
      [shown, gone, engine.with('anna').telegramId],
    );
    const before = (await engine.with('anna').messages()).length;
    const bot = await engine.startBot();
    const failed = (generationId: string) => ({
      generationId,
      code: 'no_answer',
      returnedMinor: '10',
      asset: 'CREDIT',
    });
    const first = await tell(anna, 'generation.failed', failed(shown));
    const second = await tell(anna, 'generation.failed', failed(gone));
    await eventually(async () => (await stateOf(anna, second)) === 'sent');
    assert.equal(await stateOf(anna, first), 'sent');
    assert.equal((await engine.with('anna').messages()).length, before + 1);
    await bot.stop();
  });
});
