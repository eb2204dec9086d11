import assert from 'node:assert/strict';
import { tapData } from '../../bot/callback-data.ts';
import { type BotScreens, openBotScreens } from '../support/bot-screens.ts';
import { type Conversation, labelsOf, type ShownMessage, textOf } from '../support/conversation.ts';
import { eventually } from '../support/eventually.ts';
import { insertGeneration } from '../support/orders.ts';
import { createStarShop, type StarShop } from '../support/star-shop.ts';

describe('the history of orders in the chat', function () {
  this.timeout(60_000);
  let screens: BotScreens;
  let shop: StarShop;
  let anna: Conversation;
  let annaId: string;

  before(async () => {
    screens = await openBotScreens({ withWorker: false });
    shop = createStarShop(screens.stack);
    anna = screens.with('anna');
    await anna.start();
    await anna.sees(/Holdfast/);
    const { rows } = await screens.stack.owner.query<{ id: string }>(
      'SELECT id FROM app.users WHERE telegram_id = $1',
      [anna.telegramId],
    );
    annaId = rows[0]?.id ?? assert.fail('Anna is not known');
    await shop.give(annaId, 100_000_000_000n);
  });
  after(() => screens.stop());
  afterEach(async () => assert.deepEqual(await screens.faults(), []));

  async function shownAs(messageId: number): Promise<ShownMessage> {
    return (await anna.messages()).find((one) => one.message_id === messageId) ?? assert.fail('the message is gone');
  }
  const orders = (labels: readonly string[]): readonly string[] =>
    labels.filter((label) => /^\d+ зв[её]зд|lake/.test(label));

  it('lists pictures and Stars together, newest first, page after page, each once', async () => {
    for (const quantity of [51, 52, 53]) await shop.hold(annaId, { quantity });
    await insertGeneration(screens.stack.owner, { person: annaId });
    for (const quantity of [54, 55, 56]) await shop.hold(annaId, { quantity });
    await anna.say('/history');
    const first = labelsOf(await anna.sees(/Ваши заказы/));
    assert.deepEqual(orders(first), [
      ...['56 звёзд для @bob · ждёт', '55 звёзд для @bob · ждёт', '54 звезды для @bob · ждёт'],
      ...['a quiet lake · ждёт', '53 звезды для @bob · ждёт'],
    ]);
    await anna.press(/Раньше/);
    await anna.sees(/Ваши заказы/);
    const second = labelsOf(await anna.last());
    assert.deepEqual(orders(second), ['52 звезды для @bob · ждёт', '51 звезда для @bob · ждёт']);
    assert.ok(!second.includes('Раньше ›'), 'there is nothing older');
    await anna.press(/К новым/);
    assert.deepEqual(labelsOf(await anna.last()), first);
  });

  it('says how a purchase of Stars stands at this moment, in the list and opened', async () => {
    const id = await shop.hold(annaId, { quantity: 77, recipient: 'pavel', recipientName: 'Pavel' });
    await shop.sign(id);
    await anna.say('/history');
    await anna.sees(/Ваши заказы/);
    await anna.press(/^77 звёзд для @pavel · в пути$/);
    const opened = await anna.sees(/77 звёзд — Pavel[\s\S]*сеть TON его подтверждает[\s\S]*Заказано/);
    await shop.pay(id);
    await shop.deliver(id);
    await anna.press(/Обновить/, opened);
    // The news of it come below, as a message of their own.
    const isOver = async () =>
      /✅ Звезды куплены![\s\S]*77 звёзд — Pavel/.test(textOf(await shownAs(opened.message_id)));
    await eventually(isOver);
    const over = await shownAs(opened.message_id);
    assert.deepEqual(labelsOf(over), ['Купить ещё', 'Меню', '‹ Назад'], 'nothing more will change');
    await anna.press(/Назад/, over);
    await eventually(async () => labelsOf(await shownAs(over.message_id))[0] === '77 звёзд для @pavel');
  });

  it('is one’s own: another’s purchase does not open', async () => {
    const id = await shop.hold(annaId, { quantity: 88 });
    const boris = screens.with('boris');
    await boris.start();
    const menu = await boris.sees(/Holdfast/);
    const { text } = await boris.pressData(menu.message_id, tapData('open', id));
    assert.match(text ?? '', /button is too old|out of date|expired/i);
    await boris.sees(/Nothing here yet/);
  });
});
