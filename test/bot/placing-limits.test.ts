import assert from 'node:assert/strict';
import { noLimits } from '../../bot/send-limits.ts';
import { money } from '../../core/money.ts';
import { createLedger } from '../../ledger/ledger.ts';
import { newKey } from '../support/api.ts';
import { type BotEngine, openBotEngine } from '../support/bot-engine.ts';
import { type Conversation, type ShownMessage, textOf } from '../support/conversation.ts';
import { eventually } from '../support/eventually.ts';

const perMinute = 2;
const tooMany = /many orders in a minute.*not made.*nothing was taken.*again in \d+ s\./;

describe('what one person may order in a minute', function () {
  this.timeout(60_000);
  let engine: BotEngine;
  let boris: Conversation;
  let token: string;

  before(async () => {
    const figure = String(perMinute);
    engine = await openBotEngine({
      variables: { RATE_PAYMENTS_PER_MINUTE: figure, RATE_OPERATIONS_PER_MINUTE: figure },
    });
    await engine.startBot({ limits: noLimits });
    boris = engine.with('boris');
    await boris.start();
    const { userId, ...login } = await engine.api.logIn('boris');
    ({ token } = login);
    await createLedger(engine.pool).credit({
      key: 'gift/boris',
      owner: userId,
      amount: money(100n, 'CREDIT'),
      bucket: 'promo',
      source: 'issued:CREDIT',
      cause: { workflowId: 'test/gift', step: 'gift', actor: 'system' },
    });
  });
  after(() => engine.stop());

  async function count(text: string): Promise<number> {
    return Number((await engine.owner.query(`SELECT count(*) FROM ${text}`)).rows[0].count);
  }
  const orders = async () => [await count('app.topup'), await count('app.generation')];
  /** The minute is over. */
  const nextMinute = () => engine.owner.query('DELETE FROM app.rate_limit');

  async function proposePack(): Promise<ShownMessage> {
    await boris.say('/recharge 100');
    return boris.sees(/100 credits/);
  }

  async function proposePicture(prompt: string): Promise<ShownMessage> {
    await boris.say(`/generate ${prompt}`);
    await boris.sees(new RegExp(`${prompt}[\\s\\S]*Which model`));
    await boris.press(/Nano Banana ·/);
    return boris.sees(/Shall I draw this/);
  }

  it('is as many top-ups as the API takes, in one count with it; one more takes nothing, and its button works later', async () => {
    const body = { packId: 'credits-100', provider: 'yookassa' };
    await engine.api.call('POST', '/topups', { token, key: newKey(), body });
    for (let placed = 1; placed < perMinute; placed += 1) {
      const question = await proposePack();
      assert.doesNotMatch((await boris.press(/Card/, question)).text ?? '', tooMany);
      await eventually(async () => (await count('app.topup')) === placed + 1);
    }
    const question = await proposePack();
    assert.match((await boris.press(/Card/, question)).text ?? '', tooMany);
    assert.equal((await engine.api.call('POST', '/topups', { token, key: newKey(), body })).status, 429);
    assert.deepEqual(await orders(), [perMinute, 0]);
    assert.equal(textOf(await boris.last()), textOf(question));
    await nextMinute();
    await boris.press(/Card/, question);
    await eventually(async () => (await count('app.topup')) === perMinute + 1);
  });

  it('is as many pictures, counted apart from top-ups, and a press that is repeated is no second order', async () => {
    await nextMinute();
    for (let placed = 0; placed < perMinute; placed += 1) {
      const question = await proposePicture(`kite ${placed}`);
      await boris.press(/Draw for/, question);
      await eventually(async () => (await count('app.generation')) === placed + 1);
      await boris.press(/Draw for/, question);
    }
    const question = await proposePicture('one too many');
    assert.match((await boris.press(/Draw for/, question)).text ?? '', tooMany);
    assert.match((await boris.press(/Draw for/, question)).text ?? '', tooMany);
    assert.equal(await count('app.generation'), perMinute);
    await nextMinute();
    await boris.press(/Draw for/, question);
    await eventually(async () => (await count('app.generation')) === perMinute + 1);
  });

  it('is not counted again when the update is tried again', async () => {
    await nextMinute();
    const question = await proposePicture('tried again');
    await engine.owner.query('ALTER TABLE app.generation_prompt RENAME TO generation_prompt_away');
    const failed = "app.bot_update WHERE state = 'pending' AND attempts >= 2";
    try {
      void boris.press(/Draw for/, question);
      await eventually(async () => (await count(failed)) === 1, { withinMs: 15_000 });
    } finally {
      await engine.owner.query('ALTER TABLE app.generation_prompt_away RENAME TO generation_prompt');
    }
    await eventually(async () => (await count("app.bot_update WHERE state = 'pending'")) === 0, { withinMs: 15_000 });
    const { rows } = await engine.owner.query("SELECT points FROM app.rate_limit WHERE key LIKE 'operation:%'");
    assert.deepEqual(rows, [{ points: 1 }]);
  });
});
