import assert from 'node:assert/strict';
import { createStarPurchaseMoves } from '../../db/star-purchase-moves.ts';
import { createWalletMessages } from '../../db/wallet-messages.ts';
import { type Conversation, labelsOf, textOf } from '../support/conversation.ts';
import { eventually } from '../support/eventually.ts';
import { openStarChat, type StarChat } from '../support/star-chat.ts';
import { paymentOf } from '../support/star-orders.ts';
import { createStory } from '../support/story.ts';

describe('purchases of Stars that wait for an operator', function () {
  this.timeout(60_000);
  let chat: StarChat;
  let anna: Conversation;
  let sonya: Conversation;
  let oleg: Conversation;
  before(async () => {
    chat = await openStarChat();
    [anna, sonya, oleg] = [chat.with('anna'), chat.with('sonya'), chat.with('oleg')];
    for (const person of [anna, sonya, oleg]) {
      await person.start();
      await person.sees(/Holdfast/);
    }
    await chat.give(anna, 100_000_000_000_000n);
    await chat.makeOperator(sonya, 'support');
    await chat.makeOperator(oleg, 'owner');
  });
  after(() => chat.stop());
  afterEach(async () => {
    chat.starShop.calm();
    assert.deepEqual(await chat.faults(), []);
    await createStory(chat.stack).assertMoney();
  });

  /** Anna has paid for so many Stars for Pavel, and nobody can find out what became of it. */
  async function parked(stars: number): Promise<string> {
    chat.starShop.mood.isLost = true;
    await anna.say(`/buy_stars ${stars} @pavel`);
    await anna.sees(/Получатель: @pavel/);
    await anna.press(/Купить за/);
    await anna.sees(/Разбираемся/);
    chat.starShop.calm();
    return (await chat.purchase(anna)).id;
  }

  async function openCard(operator: Conversation, stars: number | string, language: 'ru' | 'en'): Promise<void> {
    await operator.say('/approvals');
    await operator.sees(language === 'ru' ? /ждут решения: \d/ : /wait for a decision: \d/);
    await operator.press(new RegExp(`^${stars} (звёзд|Stars)`));
    await operator.sees(language === 'ru' ? /Покупатель: Анна/ : /Buyer: Анна/);
  }

  /** How many updates were taken up more than once. */
  const repeatedUpdates = async (): Promise<number> => {
    const { rowCount } = await chat.stack.owner.query('SELECT 1 FROM app.bot_update WHERE attempts > 1');
    return rowCount ?? 0;
  };
  let nextStars = 125;

  const statusOf = async (id: string): Promise<string> => {
    const { rows } = await chat.stack.owner.query<{ status: string }>(
      'SELECT status FROM app.star_purchase WHERE id = $1',
      [id],
    );
    return rows[0]?.status ?? '';
  };
  /** The lines of the trail about the case of a purchase, the oldest first. */
  const trailOf = async (id: string): Promise<unknown[]> => {
    const { rows } = await chat.stack.owner.query<Record<string, unknown>>(
      `SELECT u.first_name AS operator, o.role, o.what, o.asked ->> 'decision' AS decision, o.reason, o.answer
       FROM app.operator_action o JOIN app.attention a ON a.id::text = o.on_what
         JOIN app.users u ON u.id = o.operator_id
       WHERE a.workflow_id = 'star-purchase/' || $1 ORDER BY o.id`,
      [id],
    );
    return rows.map((row) => Object.values(row));
  };
  const commandsOf = async (person: Conversation): Promise<string> => JSON.stringify(await person.act('/chat'));

  it('are shown to operators alone: to others the command does not exist, and its buttons do nothing', async () => {
    const id = await parked(100);
    await anna.say('/approvals');
    await anna.sees(/Такой команды нет/);
    const { text } = await anna.pressData((await anna.last()).message_id, `1:decided:delivered.1:${packed(id)}`);
    assert.match(text ?? '', /Эта кнопка устарела/);
    assert.equal(await statusOf(id), 'needs_attention');
    await openCard(sonya, 100, 'ru');
    assert.deepEqual(labelsOf(await sonya.last()), ['‹ Назад'], 'support sees, and decides nothing');
    await sonya.pressData((await sonya.last()).message_id, `1:decided:delivered.1:${packed(id)}`);
    await sonya.sees(/Ваша роль видит эту покупку/);
    assert.equal(await statusOf(id), 'needs_attention');
    await chat.makeOperator(sonya, 'manager');
    assert.match(await commandsOf(sonya), /"command":"approvals"/);
    assert.doesNotMatch(await commandsOf(anna), /"command":"approvals"/);
  });

  it('show the evidence and the consequence before a decision, and charge what was delivered', async () => {
    await openCard(sonya, 100, 'ru');
    const card = await sonya.last();
    assert.match(
      textOf(card),
      /100 звёзд — Pavel <3 \(@pavel\)[\s\S]*Цена: 1,07 TON, отложена[\s\S]*Почему: payment_live/,
    );
    assert.match(textOf(card), /Платёж 1: оплачен, 1 TON, Ref#[\s\S]*Сообщение: [0-9a-f]{64}/);
    assert.deepEqual(labelsOf(card), ['Доставлено', 'Не доставлено', 'Проверить ещё раз', '‹ Назад']);
    await sonya.press(/^Доставлено/);
    await sonya.sees(/Доставлено\?[\s\S]*С покупателя спишется 1,07 TON[\s\S]*Отменить это нельзя/);
    await sonya.press(/Назад/);
    await sonya.sees(/Покупатель: Анна/);
    await sonya.press(/^Доставлено/);
    await sonya.press(/Да, доставлено: списать 1,07 TON/);
    await sonya.sees(/Решено: Доставлено[\s\S]*Решения ничего не ждёт/);
    await anna.sees(/✅ Звезды куплены!/);
    await anna.say('/balance');
    await anna.sees(/−1,07 TON · 100 звёзд для @pavel/);
    const { id } = await chat.purchase(anna);
    await sonya.pressData(card.message_id, `1:decided:delivered.1:${packed(id)}`);
    await sonya.sees(/больше не ждёт[\s\S]*Решения ничего не ждёт/);
  });

  it('return the money where nothing was delivered', async () => {
    const { available } = await chat.funds(anna);
    const id = await parked(120);
    await openCard(sonya, 120, 'ru');
    await sonya.press(/^Не доставлено/);
    await sonya.sees(/1,28 TON вернутся покупателю[\s\S]*это наш убыток/);
    await sonya.press(/Да, вернуть 1,28 TON/);
    await sonya.sees(/Решено: Не доставлено/);
    await anna.sees(/Не куплено: 120 звёзд[\s\S]*ничего не доставлено[\s\S]*Вернули: 1,28 TON/);
    assert.deepEqual(await chat.funds(anna), { available, held: 0n });
    const line = ['Соня', 'manager', 'decideCase', 'not_delivered', 'in the chat, by sonya_demo', 'applied'];
    assert.deepEqual(await trailOf(id), [line]);
  });

  it('are not decided while the trail cannot be written, and then once, with their line', async () => {
    // A second try of this test must not find the card of the first.
    const stars = nextStars++;
    const id = await parked(stars);
    await openCard(sonya, stars, 'ru');
    await sonya.press(/^Не доставлено/);
    await sonya.sees(/это наш убыток/);
    const { message_id } = await sonya.last();
    const before = await repeatedUpdates();
    let pressed: Promise<unknown> | undefined;
    await chat.stack.owner.query('REVOKE INSERT ON app.operator_action FROM holdfast_app');
    try {
      pressed = sonya.pressData(message_id, `1:decided:not_delivered.1:${packed(id)}`);
      await eventually(async () => (await repeatedUpdates()) > before);
      assert.equal(await statusOf(id), 'needs_attention');
    } finally {
      await chat.stack.owner.query('GRANT INSERT ON app.operator_action TO holdfast_app');
      await pressed;
    }
    await sonya.sees(/Решено: Не доставлено/);
    assert.equal((await trailOf(id)).length, 1);
  });

  it('are looked at again, which pays nothing a second time', async () => {
    const id = await parked(130);
    await openCard(sonya, 130, 'ru');
    await sonya.press(/^Проверить/);
    await sonya.sees(/второй раз не платим/);
    await sonya.press(/Да, проверить/);
    await sonya.sees(/Решено: Проверить ещё раз/);
    await eventually(async () => (await statusOf(id)) === 'delivered');
    const { rowCount } = await chat.stack.owner.query('SELECT 1 FROM app.star_payment WHERE purchase_id = $1', [id]);
    assert.equal(rowCount, 1);
  });

  it('need two operators above the limit, an owner among them, who must say the same', async () => {
    await chat.makeOperator(sonya, 'manager');
    const id = await parked(10_000);
    await openCard(sonya, '10 000', 'ru');
    assert.match(textOf(await sonya.last()), /два оператора должны решить одинаково/);
    await sonya.press(/^Доставлено/);
    await sonya.press(/Да, доставлено/);
    await sonya.sees(/Ваше слово записано: Доставлено[\s\S]*Соня: Доставлено/);
    await sonya.press(/^Не доставлено/);
    await sonya.press(/Да, вернуть/);
    await sonya.sees(/Вы уже решили об этой покупке иначе/);
    assert.equal(await statusOf(id), 'needs_attention');
    await openCard(oleg, '10,000', 'en');
    assert.match(textOf(await oleg.last()), /Соня: Delivered/);
    await oleg.press(/^Delivered/);
    await oleg.press(/Yes, delivered/);
    await oleg.sees(/Decided: Delivered/);
    await eventually(async () => (await statusOf(id)) === 'delivered');
  });

  it('are decided once where two operators press at once', async () => {
    const before = await chat.funds(anna);
    const id = await parked(140);
    await openCard(sonya, 140, 'ru');
    await openCard(oleg, 140, 'en');
    await Promise.all([sonya.press(/^Доставлено/), oleg.press(/^Delivered/)]);
    await Promise.all([sonya.sees(/спишется/), oleg.sees(/is charged/)]);
    await Promise.all([sonya.press(/Да, доставлено/), oleg.press(/Yes, delivered/)]);
    await sonya.sees(/Решено|больше не ждёт/);
    await oleg.sees(/Decided|does not wait any more/);
    await eventually(async () => (await statusOf(id)) === 'delivered');
    const after = await chat.funds(anna);
    assert.deepEqual(after, { available: before.available - 1_490_000_000n, held: 0n });
  });

  it('say that nothing may go back or be paid again while the network may still pay', async () => {
    Object.assign(chat.starShop.mood, { isSlow: true, isChainSlow: true });
    await anna.say('/buy_stars 150 @pavel');
    await anna.sees(/Получатель: @pavel/);
    await anna.press(/Купить за/);
    await anna.sees(/Отложено/);
    const { id } = await chat.purchase(anna);
    const payment = paymentOf('0:another', 1_500_000_000n);
    const moves = createStarPurchaseMoves(chat.stack.pool);
    assert.equal((await moves.preparePayment(id, payment)).outcome, 'prepared');
    await createWalletMessages(chat.stack.pool).sign({
      ...{ wallet: '0:another', seqno: 0, validUntil: 1_900_000_000, boc: Buffer.from('boc') },
      ...{ rawHash: id, normalizedHash: id, paymentIds: [payment.id] },
    });
    assert.equal(
      await moves.park(id, `star-purchase/${id}`, { reason: 'the chain has not decided about the payment' }),
      'needs_attention',
    );
    await openCard(sonya, 150, 'ru');
    const card = textOf(await sonya.last());
    assert.match(card, /Почему: Сеть ещё не решила, прошёл ли платёж[^]*подписан, сеть не решила/);
    assert.match(card, /Как узнать: найдите в истории на Fragment строку для @pavel/);
    await sonya.press(/^Не доставлено/);
    await sonya.press(/Да, вернуть/);
    await sonya.sees(/«Не доставлено» невозможно, пока сеть ещё может заплатить/);
    assert.equal(await statusOf(id), 'needs_attention');
  });
});

function packed(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}
