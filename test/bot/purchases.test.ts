import assert from 'node:assert/strict';
import { createStory } from '../support/story.ts';
import { type BotScreens, openBotScreens } from '../support/bot-screens.ts';
import { buttonsOf, type Conversation, labelsOf, textOf } from '../support/conversation.ts';
import { eventually } from '../support/eventually.ts';

describe('purchases in the chat', function () {
  this.timeout(90_000);
  let screens: BotScreens;
  before(async () => {
    screens = await openBotScreens();
  });
  after(() => screens.stop());
  afterEach(async () => assert.deepEqual(await screens.faults(), []));

  const rows = async (text: string): Promise<Record<string, unknown>[]> =>
    (await screens.stack.owner.query(text)).rows as Record<string, unknown>[];

  async function payAtTheProvider(person: Conversation): Promise<void> {
    const pay = buttonsOf(await person.last()).find((one) => 'url' in one);
    assert.ok(pay && 'url' in pay);
    const paymentId = new URL(pay.url).searchParams.get('orderId');
    await screens.stack.shop.control(`/payments/${paymentId}/succeed`);
  }

  async function buy(person: Conversation): Promise<void> {
    await person.say('/recharge 100');
    await person.sees(/100 credits|100 кредитов/);
    await person.press(/Card|Карта/);
    await person.sees(/Pay by the button|Оплатите/);
    await payAtTheProvider(person);
    await person.sees(/Credited: 100|Зачислено: 100/);
  }

  it('top up: the pack, the way to pay, "I paid" too early and in time, and the credits (T12)', async () => {
    const boris = screens.with('boris');
    await boris.say('/recharge 101');
    assert.match(textOf(await boris.sees(/300 credits/)), /how to pay/);
    await boris.press(/Back/);
    await boris.sees(/Choose a pack/);
    await boris.press(/100 credits/);
    await boris.sees(/100 credits/);
    const question = await boris.last();
    assert.match(labelsOf(question).join(' | '), /Card or SBP · ₽500 .*Stars · 300 Stars/);
    await boris.press(/Card/);
    await boris.sees(/Pay by the button/);
    assert.match((await boris.press(/I paid/)).text ?? '', /not arrived yet/);
    const waiting = await boris.last();
    await payAtTheProvider(boris);
    await boris.press(/I paid/, waiting);
    await boris.sees(/Credited: 100 credits[\s\S]*You have 100/);
    const shown = (await boris.messages()).find(({ message_id: id }) => id === waiting.message_id);
    assert.match(textOf(shown), /Paid and credited/);
    await boris.say('/balance');
    await boris.sees(/Balance: 100 credits[\s\S]*\+100 credits · Top-up/);
  });

  it('are one, however often the button is pressed, also at once (T12)', async () => {
    const boris = screens.with('boris');
    await boris.say('/recharge 300');
    const question = await boris.sees(/300 credits/);
    const before = await rows('SELECT id FROM app.topup');
    const pressed = await Promise.all(Array.from({ length: 20 }, () => boris.press(/Card/, question)));
    assert.ok(pressed.every(({ answered }) => answered));
    assert.equal((await rows('SELECT id FROM app.topup')).length, before.length + 1);
    await boris.press(/Give up/);
    await boris.sees(/over[\s\S]*You gave it up/);
  });

  it('lead to the payment by the text where Telegram takes no such button', async () => {
    const boris = screens.with('boris');
    await boris.say('/recharge 100');
    const question = await boris.sees(/100 credits/);
    const body = { ok: false, error_code: 400, description: 'Bad Request: inline keyboard button URL is invalid' };
    const fault = { kind: 'status', status: 400, body };
    const rules = ['editMessageText', 'sendMessage'].map((method) => ({ on: 'request', path: `/**/${method}`, fault }));
    await fetch(`${screens.simulatorUrl}/_sim/faults`, { method: 'POST', body: JSON.stringify({ rules }) });
    await boris.press(/Card/, question);
    const shown = await boris.sees(/Pay ₽500: http/);
    assert.ok(!buttonsOf(shown).some((one) => 'url' in one));
    await boris.press(/Give up/, shown);
  });

  it('draw: model, words, price, one question, and the result in the same message', async () => {
    const boris = screens.with('boris');
    await boris.say('/generate');
    await boris.sees(/Which model/);
    await boris.press(/Nano Banana ·/);
    await boris.sees(/Write what to draw/);
    await boris.press(/Shape/);
    await boris.press(/16:9/);
    await boris.say('a <b>lighthouse</b> & *storm*');
    const question = await boris.sees(/Shall I draw this/);
    assert.match(
      textOf(question),
      /a <b>lighthouse<\/b> & \*storm\*[\s\S]*Shape: 16:9[\s\S]*costs 4 credits; 96 credits/,
    );
    const presses = await Promise.all(Array.from({ length: 20 }, () => boris.press(/Draw for 4/, question)));
    assert.ok(presses.every(({ answered }) => answered));
    assert.equal((await rows('SELECT id FROM app.generation')).length, 1);
    await eventually(async () => (await boris.last()).photo !== undefined, { withinMs: 30_000 });
    const result = await boris.last();
    assert.equal(result.message_id, question.message_id);
    assert.match(textOf(result), /Charged: 4 credits/);
    assert.deepEqual(labelsOf(result), ['Again', 'Use as input', 'Download original']);
    const ratio = await rows(`SELECT provider_options ->> 'aspect_ratio' AS ratio FROM app.generation`);
    assert.deepEqual(ratio, [{ ratio: '16:9' }]);
  });

  it('go on from a result: again, the original, as an input', async () => {
    const boris = screens.with('boris');
    const result = await boris.last();
    await boris.press(/Download/, result);
    await eventually(async () => (await boris.last()).document !== undefined);
    await boris.press(/Again/, result);
    await boris.sees(/Shall I draw this[\s\S]*Shape: 16:9/);
    await boris.press(/Use as input/, result);
    const models = await boris.sees(/1 photo to work from/);
    assert.ok(!labelsOf(models).some((label) => label.startsWith('Nano Banana ·')));
    await boris.press(/Nano Banana Edit/);
    await boris.say('make it night');
    await boris.sees(/Shall I draw this[\s\S]*Photos: 1/);
    const question = await boris.last();
    await boris.press(/Draw for/);
    await eventually(async () =>
      (await boris.messages()).some(({ message_id: id, photo }) => id === question.message_id && photo !== undefined),
    );
  });

  it('refuse nobody without a way on: too few credits lead to the packs (T12)', async () => {
    const anna = screens.with('anna');
    await anna.say('маяк в шторм');
    await anna.sees(/Какая модель/);
    await anna.press(/Nano Banana ·/);
    const short = await anna.sees(/не хватает 4 кредита/);
    assert.ok(labelsOf(short).some((label) => /100 кредитов/.test(label)));
    await anna.press(/100 кредитов/);
    await anna.sees(/Выберите, как платить/);
    assert.equal((await rows(`SELECT 1 FROM app.generation WHERE status = 'refused'`)).length, 0);
  });

  it('that were proposed long ago, or changed since, are proposed anew and not made (T12)', async () => {
    const boris = screens.with('boris');
    await boris.say('/generate a kite');
    await boris.sees(/a kite/);
    await boris.press(/Nano Banana ·/);
    const first = await boris.sees(/Shall I draw this/);
    await boris.press(/Change the words/);
    await boris.say('a red kite');
    const second = await boris.sees(/a red kite/);
    const count = (await rows('SELECT 1 FROM app.generation')).length;
    // The first question has lost its buttons; its data is pressed all the same, as an edited client could.
    const old = buttonsOf(first).find((one) => 'callback_data' in one);
    assert.ok(old && 'callback_data' in old);
    assert.match((await boris.pressData(second.message_id, old.callback_data ?? '')).text ?? '', /expired/);
    await boris.say('/generate a blue kite');
    await boris.sees(/a blue kite/);
    await boris.press(/Nano Banana ·/);
    await boris.sees(/Shall I draw this/);
    await screens.stack.owner.query(`UPDATE app.bot_draft SET updated_at = now() - interval '31 minutes'`);
    assert.match((await boris.press(/Draw for/)).text ?? '', /expired/);
    await boris.sees(/Shall I draw this[\s\S]*a blue kite/);
    assert.equal((await rows('SELECT 1 FROM app.generation')).length, count);
  });

  it('of others cannot be touched: ids in buttons are looked up among one’s own', async () => {
    const [order] = await rows(`SELECT id FROM app.generation ORDER BY created_at LIMIT 1`);
    const { tapData } = await import('../../bot/callback-data.ts');
    const anna = screens.with('anna');
    await anna.start();
    const menu = await anna.sees(/У вас/);
    for (const name of ['draw', 'again', 'file', 'input', 'words', 'open', 'stop'] as const) {
      const { text } = await anna.pressData(menu.message_id, tapData(name, order?.['id'] as string));
      assert.match(text ?? '', /устарела|Такого заказа нет/, name);
    }
  });

  it('stand in the history, whose entries open with their picture and lead back', async () => {
    const boris = screens.with('boris');
    await boris.say('/history');
    const list = await boris.sees(/Your orders/);
    await boris.press(/lighthouse/, list);
    await eventually(async () => (await boris.last()).photo !== undefined);
    const opened = await boris.last();
    assert.match(textOf(opened), /Nano Banana · charged: 4 credits/);
    await boris.press(/All the words/);
    await boris.sees(/^a <b>lighthouse<\/b> & \*storm\*$/);
    await boris.press(/Back/, opened);
    await boris.sees(/Your orders/);
    assert.ok(!(await boris.messages()).some(({ message_id: id }) => id === opened.message_id));
  });

  it('offer the nearest pack at or above an amount, and all of them where none is as large', async () => {
    const boris = screens.with('boris');
    for (const [typed, pack] of [
      ['50', '100 credits'],
      ['100', '100 credits'],
      ['101', '300 credits'],
      ['5 TON', '5 TON'],
      ['5.5 TON', '20 TON'],
    ] as const) {
      await boris.say(`/recharge ${typed}`);
      await boris.sees(new RegExp(`^${pack}\\nChoose how to pay`));
    }
    for (const typed of ['1001', 'lots', '21 TON']) {
      await boris.say(`/recharge ${typed}`);
      await boris.sees(/There is no pack for that[\s\S]*Choose a pack/);
    }
  });

  it('leave books without a finding', async () => {
    await buy(screens.with('anna'));
    await createStory(screens.stack).assertMoney();
  });
});
