import assert from 'node:assert/strict';
import { type Conversation, labelsOf, textOf } from '../support/conversation.ts';
import { openStarChat, type StarChat } from '../support/star-chat.ts';

describe('the commands that buy Stars and Premium', function () {
  this.timeout(60_000);
  let chat: StarChat;
  let anna: Conversation;
  before(async () => {
    chat = await openStarChat();
    anna = chat.with('anna');
    await anna.start();
    await anna.sees(/Holdfast/);
    await chat.give(anna, 10_000_000_000n);
  });
  after(() => chat.stop());
  afterEach(async () => {
    chat.starShop.calm();
    assert.deepEqual(await chat.faults(), []);
  });

  it('keep the recipient of an amount that is not sold', async () => {
    await anna.say('/buy_stars 10 @bob_the_cat');
    await anna.sees(/Столько купить нельзя[\s\S]*Сколько звёзд[\s\S]*Получатель: @bob_the_cat/);
    await anna.say('60');
    await anna.sees(/60 звёзд — Bob_the_cat/);
  });

  it('say what cannot be read, and how it is written', async () => {
    await anna.say('/buy_stars abc');
    await anna.sees(/Не разобрать: «abc»[\s\S]*\/buy_stars 100 @durov[\s\S]*Сколько звёзд/);
    await anna.say('/premium a-b 3');
    await anna.sees(/Не разобрать: «a-b»[\s\S]*\/premium 3 @durov[\s\S]*На какой срок/);
  });

  it('open Premium by its own, take months and a name, and speak of its length', async () => {
    await anna.say('/premium');
    const choice = await anna.sees(/Telegram Premium[\s\S]*На какой срок/);
    assert.deepEqual(labelsOf(choice).slice(0, 3), [
      'Premium на 3 месяца',
      'Premium на 6 месяцев',
      'Premium на 12 месяцев',
    ]);
    await anna.say('7');
    await anna.sees(/На такой срок Premium не продаётся/);
    await anna.say('6');
    await anna.sees(/Premium на 6 месяцев: кому/);
    await anna.say('/premium 3 @masha');
    const question = await anna.sees(/Premium на 3 месяца — Masha/);
    assert.ok(!labelsOf(question).includes('Другое количество'), textOf(question));
    await anna.press(/Другой срок/);
    await anna.sees(/На какой срок[\s\S]*Получатель: @masha/);
  });

  it('remember whom nothing reached as nobody', async () => {
    chat.starShop.mood.nanoPerStar = 10_000_000n;
    await anna.say('/buy_stars 90 @lost_parcel');
    await anna.sees(/90 звёзд — Lost_parcel/);
    chat.starShop.mood.nanoPerStar = 30_000_000n;
    await anna.press(/Купить за/);
    await anna.sees(/Не куплено: 90 звёзд/);
    chat.starShop.calm();
    await anna.say('/buy_stars 60 @pavel');
    await anna.sees(/60 звёзд — Pavel/);
    await anna.press(/Купить за/);
    await anna.sees(/Звезды куплены/);
    await anna.say('/buy_stars 50');
    const whom = await anna.sees(/50 звёзд: кому/);
    assert.deepEqual(labelsOf(whom), ['Мне · @anna_demo', 'Pavel <3 · @pavel', '‹ Назад']);
  });
});
