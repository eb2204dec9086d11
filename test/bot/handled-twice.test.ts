import assert from 'node:assert/strict';
import { type BotScreens, openBotScreens } from '../support/bot-screens.ts';
import { textOf } from '../support/conversation.ts';
import { eventually } from '../support/eventually.ts';
import { createStory } from '../support/story.ts';

describe('an update whose handling fails or happens twice', function () {
  this.timeout(60_000);
  let screens: BotScreens;
  before(async () => {
    screens = await openBotScreens();
  });
  after(() => screens.stop());

  const rows = async (text: string): Promise<Record<string, unknown>[]> =>
    (await screens.stack.owner.query(text)).rows as Record<string, unknown>[];
  const isQuiet = async (): Promise<boolean> =>
    (await rows(`SELECT 1 FROM app.bot_update WHERE state = 'pending'`)).length === 0;

  it('is said to the person once, and is handled in the end (T3)', async () => {
    const boris = screens.with('boris');
    await boris.start();
    await boris.sees(/You have/);
    await screens.stack.owner.query('ALTER TABLE app.bot_draft RENAME TO bot_draft_away');
    try {
      await boris.say('/generate a kite');
      await boris.sees(/Something is wrong on our side/);
      await eventually(async () => (await rows('SELECT 1 FROM app.bot_update WHERE attempts >= 2')).length === 1);
    } finally {
      await screens.stack.owner.query('ALTER TABLE app.bot_draft_away RENAME TO bot_draft');
    }
    await boris.sees(/a kite[\s\S]*Which model/);
    const told = (await boris.messages()).filter((message) => /Something is wrong/.test(textOf(message)));
    assert.equal(told.length, 1);
  });

  it('orders once, as after a kill between the order and its confirmation (T1, T12)', async () => {
    const boris = screens.with('boris');
    await boris.say('/recharge 100');
    await boris.sees(/100 credits/);
    await boris.press(/Stars/);
    const [topup] = await rows('SELECT pay_url AS "payUrl" FROM app.topup');
    await boris.act('/pay', { invoiceLink: topup?.['payUrl'] });
    await boris.sees(/Credited: 100/);
    await boris.say('/generate a kite');
    await boris.sees(/a kite/);
    await boris.press(/Nano Banana ·/);
    await boris.press(/Draw for/);
    await eventually(async () => (await boris.last()).photo !== undefined, { withinMs: 30_000 });
    await eventually(isQuiet);
    await screens.stack.owner.query(`UPDATE app.bot_update SET state = 'pending', done_at = NULL, attempts = 0`);
    await eventually(isQuiet);
    assert.equal((await rows('SELECT 1 FROM app.generation')).length, 1);
    assert.equal((await rows('SELECT 1 FROM app.topup')).length, 1);
    const pictures = (await boris.messages()).filter(({ photo }) => photo !== undefined);
    assert.equal(pictures.length, 1);
    await createStory(screens.stack).assertMoney();
  });
});
