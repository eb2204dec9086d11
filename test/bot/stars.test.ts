import assert from 'node:assert/strict';
import { type BotScreens, openBotScreens } from '../support/bot-screens.ts';
import { buttonsOf, type Conversation, labelsOf, textOf } from '../support/conversation.ts';
import { eventually } from '../support/eventually.ts';
import { createStory } from '../support/story.ts';

describe('Stars in the chat', function () {
  this.timeout(60_000);
  let screens: BotScreens;
  before(async () => {
    screens = await openBotScreens();
  });
  after(() => screens.stop());
  afterEach(async () => assert.deepEqual(await screens.faults(), []));

  async function invoiceOf(person: Conversation): Promise<string> {
    const pay = buttonsOf(await person.last()).find((one) => 'url' in one);
    assert.ok(pay && 'url' in pay);
    return pay.url;
  }

  it('buy a pack by the invoice behind the button, and the chat is told once, however often Telegram tells us (W19)', async () => {
    const anna = screens.with('anna');
    await anna.say('/recharge');
    await anna.sees(/Выберите пакет/);
    await anna.press(/100 кредитов/);
    assert.match(labelsOf(await anna.last()).join(' | '), /Звёзды Telegram · 300 звёзд/);
    await anna.press(/Звёзды/);
    await anna.sees(/100 кредитов за 300 звёзд[\s\S]*💳 Ссылка для оплаты/);
    const payScreen = await anna.last();
    const invoiceLink = await invoiceOf(anna);
    const paid = await anna.act('/pay', { invoiceLink, duplicate: true });
    assert.equal(paid['status'], 'paid');
    await anna.sees(/✅ Баланс пополнен!\nЗачислено: 100 кредитов[\s\S]*У вас 100 кредитов/);
    const shown = (await anna.messages()).find((message) => message.message_id === payScreen.message_id);
    assert.match(textOf(shown), /Оплачено и зачислено/);
    assert.ok(!buttonsOf(shown).some((one) => 'url' in one), 'what is paid cannot be paid from there again');
    await anna.press(/Я оплатил/, payScreen);
    const told = (await anna.messages()).filter((message) => /Зачислено: 100/.test(textOf(message)));
    assert.equal(told.length, 1);
  });

  it('are not taken for what was given up, and the person is told that nothing was charged', async () => {
    const anna = screens.with('anna');
    await anna.say('/recharge 100');
    await anna.sees(/100 кредитов/);
    await anna.press(/Звёзды/);
    await anna.sees(/за 300 звёзд/);
    const invoiceLink = await invoiceOf(anna);
    await anna.press(/Отказаться/);
    await anna.sees(/закончено/);
    const refused = await anna.act('/pay', { invoiceLink });
    assert.equal(refused['status'], 'failed');
  });

  it('that a link of the Mini App asks for lead to the same screen', async () => {
    const anna = screens.with('anna');
    const { rows } = await screens.stack.owner.query<{ id: string }>(
      `SELECT id FROM app.topup WHERE status = 'credited'`,
    );
    await anna.start(`pay_${rows[0]?.id}`);
    await anna.sees(/Оплачено и зачислено/);
    const boris = screens.with('boris');
    await boris.start(`pay_${rows[0]?.id}`);
    await boris.sees(/You have 0 credits/);
  });

  it('bring whoever followed an invitation to whom it belongs, once, and never oneself', async () => {
    await fetch(`${screens.simulatorUrl}/_sim/people`, {
      method: 'POST',
      body: JSON.stringify({ telegramId: 7_900_000_001, firstName: 'New', language: 'en' }),
    });
    const code = screens.with('anna').telegramId.toString(36);
    const start = (payload: string) =>
      fetch(`${screens.simulatorUrl}/_sim/people/7900000001/start`, {
        method: 'POST',
        body: JSON.stringify({ payload }),
      });
    await start(`ref_${code}`);
    const count = async () => (await screens.stack.owner.query('SELECT 1 FROM app.referral')).rowCount;
    await eventually(async () => (await count()) === 1);
    await start(`ref_${screens.with('boris').telegramId.toString(36)}`);
    await screens.with('anna').start(`ref_${code}`);
    await screens.with('anna').sees(/У вас/);
    assert.equal(await count(), 1);
  });

  it('leave books without a finding', () => createStory(screens.stack).assertMoney());
});
