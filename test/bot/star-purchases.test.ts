import assert from 'node:assert/strict';
import { type Conversation, buttonsOf, labelsOf, textOf } from '../support/conversation.ts';
import { eventually } from '../support/eventually.ts';
import { openStarChat, type StarChat } from '../support/star-chat.ts';
import { createStory } from '../support/story.ts';

describe('buying Stars in the chat', function () {
  this.timeout(60_000);
  let chat: StarChat;
  let anna: Conversation;
  let boris: Conversation;
  let sonya: Conversation;
  before(async () => {
    chat = await openStarChat();
    anna = chat.with('anna');
    boris = chat.with('boris');
    sonya = chat.with('sonya');
    for (const person of [anna, boris, sonya]) {
      await person.start();
      await person.sees(/Holdfast/);
    }
    await chat.give(anna, 10_000_000_000n);
  });
  after(() => chat.stop());
  afterEach(async () => {
    chat.starShop.calm();
    assert.deepEqual(await chat.faults(), []);
  });

  const confirm = async (what: string): Promise<void> => {
    await anna.say(`/buy_stars ${what}`);
    await anna.sees(/Получатель: @/);
  };

  it('leads from the menu over amount and recipient to one question, and to Stars bought in the same message', async () => {
    await anna.start();
    await anna.sees(/Holdfast/);
    await anna.press(/^Звёзды$/);
    const amounts = await anna.sees(/Сколько звёзд[\s\S]*от 50 до 10 000 000/);
    assert.match(textOf(amounts), /на нём 10 TON/);
    assert.deepEqual(labelsOf(amounts).slice(0, 5), ['50 звёзд', '100 звёзд', '250 звёзд', '500 звёзд', '1 000 звёзд']);
    assert.match(labelsOf(amounts).join('|'), /Premium на 3 месяца\|Premium на 6 месяцев\|Premium на 12 месяцев/);
    await anna.press(/^100 звёзд/);
    await anna.sees(/100 звёзд: кому/);
    await anna.press(/Мне · @anna_demo/);
    const question = await anna.sees(/100 звёзд — Anna_demo <3\?[\s\S]*Это стоит 1,07 TON; останется 8,93 TON/);
    assert.match(textOf(question), /Цена действует до /);
    await anna.press(/Купить за 1,07 TON/);
    const bought = await anna.sees(
      /✅ Звезды куплены![\s\S]*Через Fragment: 100 звёзд — Anna_demo <3[\s\S]*Списано: 1,07/,
    );
    assert.equal(bought.message_id, question.message_id, 'one living message from the question to the end');
    const told = (await anna.messages()).filter((message) => /куплены/.test(textOf(message)));
    assert.equal(told.length, 1, 'told once');
    assert.deepEqual(await chat.funds(anna), { available: 8_930_000_000n, held: 0n });
  });

  it('are paid from a balance that the balance shows', async () => {
    await anna.say('/balance');
    await anna.sees(/Ещё на балансе: 8,93 TON/);
  });

  it('starts the same flow by its other name, and takes amount and name at once', async () => {
    await anna.say('/buy_stars_fragment 50 @pavel');
    await anna.sees(/50 звёзд — Pavel/);
    assert.deepEqual(labelsOf(await anna.last()).slice(0, 2), ['Купить за 0,545 TON', 'Показать отправителя']);
  });

  it('names Fragment in the end where the command did', async () => {
    await anna.press(/Купить за/);
    await anna.sees(/✅ Звезды куплены через Fragment!\s+50 звёзд — Pavel[\s\S]*Списано: 0,545 TON/);
  });

  it('buys once however often the button is pressed', async () => {
    const countOrders = async () => {
      const { rowCount } = await chat.stack.owner.query('SELECT 1 FROM app.star_purchase WHERE quantity = 60');
      return rowCount ?? 0;
    };
    const before = await countOrders();
    await confirm('60 @pavel');
    const question = await anna.last();
    chat.starShop.mood.isSlow = true;
    await Promise.all(Array.from({ length: 8 }, () => anna.press(/Купить за/, question)));
    const held = await anna.sees(/Отложено: 0,65 TON/);
    assert.equal(await countOrders(), before + 1);
    assert.ok(labelsOf(held).includes('Вернуть заказ и 0,65 TON'));
    const { id } = await chat.purchase(anna);
    // A saga that is slow to answer is asked again, as a person would.
    const isBack = async () => {
      const { text } = await anna.pressData(held.message_id, `1:starstop:${packed(id)}`);
      return /деньги снова у вас/.test(text ?? '');
    };
    await eventually(isBack, { everyMs: 500 });
    await anna.sees(/Заказ возвращён: 60 звёзд[\s\S]*Вернули: 0,65 TON/);
  });

  it('shows what is held, sent and confirmed as it goes on, and cannot be taken back once it is signed', async () => {
    Object.assign(chat.starShop.mood, { isChainSlow: true, delivers: false });
    await confirm('70 @pavel');
    await anna.press(/Купить за/);
    const sent = await anna.sees(/Платёж отправлен, сеть TON его подтверждает[\s\S]*Отложено: 0,7\d* TON/);
    assert.deepEqual(labelsOf(sent), ['Меню']);
    const { id } = await chat.purchase(anna);
    const { text } = await anna.pressData(sent.message_id, `1:starstop:${packed(id)}`);
    assert.match(text ?? '', /Платёж уже ушёл/);
    chat.starShop.mood.isChainSlow = false;
    await anna.sees(/Оплачено. Fragment доставляет для @pavel[\s\S]*Отложено: 0,7\d* TON/);
  });

  it('takes a typed amount, and says helpfully what it does not take', async () => {
    await anna.say('/buy_stars');
    await anna.sees(/Сколько звёзд/);
    for (const wrong of ['49', '10000001', 'сто', '1.5']) {
      await anna.say(wrong);
      await anna.sees(/Столько купить нельзя: нужно целое число, от 50 до 10 000 000/);
    }
    await anna.say('/buy_stars 5');
    await anna.sees(/Столько купить нельзя/);
    await anna.say('1 000');
    await anna.sees(/1 000 звёзд: кому/);
    await anna.say('not a name');
    await anna.sees(/Это не имя пользователя[\s\S]*1 000 звёзд: кому/);
    await anna.say('250');
    await anna.sees(/250 звёзд: кому/);
    await anna.say('t.me/pavel');
    await anna.sees(/250 звёзд — Pavel/);
  });

  it('offers those from before, and hides or shows the sender', async () => {
    await anna.say('/buy_stars 50');
    const whom = await anna.sees(/50 звёзд: кому/);
    assert.match(labelsOf(whom).join(' | '), /Мне · @anna_demo \| Pavel <3 · @pavel \| ‹ Назад/);
    await anna.press(/@pavel/);
    await anna.sees(/Получатель не увидит, от кого это/);
    await anna.press(/Показать отправителя/);
    await anna.sees(/Отправителем будет показан наш магазин на Fragment, а не вы/);
    await anna.press(/Другой получатель/);
    await anna.sees(/50 звёзд: кому/);
    await anna.press(/Назад/);
    await anna.sees(/Сколько звёзд/);
    await anna.press(/Назад/);
    await anna.sees(/У вас/);
  });

  it('sells Premium for months, and says when somebody has it already', async () => {
    await anna.say('/buy_stars');
    await anna.sees(/Сколько звёзд/);
    await anna.press(/Premium на 3 месяца/);
    await anna.sees(/Premium на 3 месяца: кому/);
    chat.starShop.mood.refusal = 'already_premium';
    await anna.say('@pavel');
    await anna.sees(/У @pavel уже есть Premium/);
    chat.starShop.calm();
    await anna.say('@masha');
    await anna.sees(/Premium на 3 месяца — Masha/);
    await anna.press(/Купить за 3,17 TON/);
    await anna.sees(/✅ Premium куплен!/);
    await anna.press(/Купить ещё/);
    await anna.sees(/Premium на 3 месяца — Masha <3\?/);
  });

  const refusals = [
    ['recipient_not_found', /В Telegram нет имени @pavel/],
    ['recipient_not_user', /@pavel — канал, группа или бот/],
    ['recipient_refused', /Telegram не даёт @pavel это получить/],
    ['login_required', /Сейчас цену не узнать/],
  ] as const;
  for (const [code, words] of refusals) {
    it(`says in honest words that there is no price: ${code}`, async () => {
      chat.starShop.mood.refusal = code;
      await anna.say('/buy_stars 50 @pavel');
      const refused = await anna.sees(words);
      assert.match(textOf(refused), /Ничего не списано/);
      assert.match(labelsOf(refused).join('|'), /Другой получатель\|‹ Назад/);
      chat.starShop.calm();
      if (code !== 'login_required') return;
      await anna.press(/Спросить ещё раз/);
      await anna.sees(/50 звёзд — Pavel/);
    });
  }

  it('asks again with the new price where the old one has run out', async () => {
    await confirm('80 @pavel');
    await chat.stack.owner.query(`UPDATE app.star_quote SET expires_at = now() - interval '1 s' WHERE quantity = 80`);
    chat.starShop.mood.nanoPerStar = 20_000_000n;
    const { text } = await anna.press(/Купить за 0,86 TON/);
    assert.match(text ?? '', /Срок цены вышел/);
    await anna.sees(/Срок цены вышел, поэтому ничего не куплено[\s\S]*Это стоит 1,7 TON/);
    const { rowCount } = await chat.stack.owner.query('SELECT 1 FROM app.star_purchase WHERE quantity = 80');
    assert.equal(rowCount, 0);
  });

  it('says how much is missing and leads to where it can be had', async () => {
    await boris.say('/buy_stars 1000');
    await boris.sees(/1,000 Stars: for whom/);
    await boris.press(/For me/);
    const short = await boris.sees(/It costs 10.52 TON, and you have 0 TON: 10.52 TON more needed. Nothing was taken/);
    assert.ok(!buttonsOf(short).some(({ text }) => /Buy/.test(text)));
    const { rowCount } = await chat.stack.owner.query('SELECT 1 FROM app.star_purchase WHERE quantity = 1000');
    assert.equal(rowCount, 0);
  });

  it('returns the money with the reason where the provider refuses, and offers to buy again', async () => {
    await confirm('90 @pavel');
    const before = await chat.funds(anna);
    chat.starShop.mood.nanoPerStar = 30_000_000n;
    await anna.press(/Купить за/);
    const failed = await anna.sees(/Не куплено: 90 звёзд[\s\S]*цена выросла[\s\S]*Вернули: 0,965 TON/);
    assert.deepEqual(labelsOf(failed), ['Купить ещё', 'Меню']);
    assert.deepEqual(await chat.funds(anna), before);
  });

  it('says that the money is safe while a person looks, and tells the end as news of its own', async () => {
    chat.starShop.mood.isLost = true;
    await confirm('110 @pavel');
    const question = await anna.last();
    await anna.press(/Купить за/);
    await anna.sees(/Разбираемся: 110 звёзд[\s\S]*в безопасности/);
    const { id } = await chat.purchase(anna);
    const operatorId = await chat.makeOperator(sonya, 'manager');
    const vote = { operatorId, decision: 'delivered', reason: 'seen' } as const;
    assert.deepEqual(await chat.stack.gateway.decideStarPurchase(id, vote), { outcome: 'applied' });
    const told = await eventuallyNewer(anna, question.message_id);
    assert.match(textOf(told), /✅ Звезды куплены!/);
    await eventually(async () =>
      /куплены/.test(textOf((await anna.messages()).find((one) => one.message_id === question.message_id))),
    );
  });

  it('leaves books without a finding', () => createStory(chat.stack).assertMoney());
});

async function eventuallyNewer(person: Conversation, messageId: number) {
  await eventually(async () => (await person.last()).message_id > messageId);
  return person.last();
}

function packed(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}
