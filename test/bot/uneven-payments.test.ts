import assert from 'node:assert/strict';
import { type BotScreens, openBotScreens } from '../support/bot-screens.ts';
import { buttonsOf, type Conversation, labelsOf, textOf } from '../support/conversation.ts';

describe('a payment of more or less than the price, in the chat', function () {
  this.timeout(60_000);
  let screens: BotScreens;
  before(async () => {
    screens = await openBotScreens();
  });
  after(() => screens.stop());
  afterEach(async () => {
    await screens.stack.exchange.faults();
    assert.deepEqual(await screens.faults(), []);
  });

  /** Opens an invoice for 100 credits; answers the provider's id of it. */
  async function invoice(person: Conversation): Promise<string> {
    await person.say('/recharge 100');
    await person.sees(/100 кредитов/);
    await person.press(/Криптовалюта/);
    await person.sees(/100 кредитов за 500/);
    const pay = buttonsOf(await person.last()).find((one) => 'url' in one);
    assert.ok(pay && 'url' in pay);
    return new URL(pay.url).pathname.split('/').at(-1) ?? '';
  }
  const send = (paymentId: string, percent: number) =>
    screens.stack.exchange.control(`/invoices/${paymentId}/pay`, { percent });

  it('tells what was credited, what was paid and why it is more than was ordered', async () => {
    const anna = screens.with('anna');
    const paymentId = await invoice(anna);
    const screen = await anna.last();
    await send(paymentId, 150);
    await anna.sees(/Зачислено: 150 кредитов[\s\S]*Пришло больше, чем вы заказывали \(100 кредитов за 500/);
    const living = (await anna.messages()).find(({ message_id: id }) => id === screen.message_id);
    assert.match(textOf(living), /150 кредитов за 750[\s\S]*зачислено[\s\S]*Пришло больше/);
  });

  it('says how much has come and is still awaited, and what becomes of it once it is given up', async () => {
    const anna = screens.with('anna');
    const paymentId = await invoice(anna);
    await send(paymentId, 50);
    await anna.press(/Я оплатил/);
    await anna.sees(/Пришло 250.₽ из 500.₽; ждём ещё 250.₽/);
    assert.match(labelsOf(await anna.last()).join(' | '), /Оплатить 250/);
    await anna.press(/Отказаться/);
    await anna.sees(/Пришло 250.₽ из 500.₽. Эти деньги будут зачислены/);
  });
});
