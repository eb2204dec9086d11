import assert from 'node:assert/strict';
import { type BotScreens, openBotScreens } from '../support/bot-screens.ts';
import { type Conversation, labelsOf, textOf } from '../support/conversation.ts';
import { eventually } from '../support/eventually.ts';
import { createStory } from '../support/story.ts';

describe('how an order ends in the chat', function () {
  this.timeout(60_000);
  let screens: BotScreens;
  let boris: Conversation;
  before(async () => {
    screens = await openBotScreens();
    boris = screens.with('boris');
    await boris.say('/recharge 100');
    await boris.sees(/100 credits/);
    await boris.press(/Stars/);
    const { rows } = await screens.stack.owner.query<{ payUrl: string }>('SELECT pay_url AS "payUrl" FROM app.topup');
    await boris.act('/pay', { invoiceLink: rows[0]?.payUrl });
    await boris.sees(/Credited: 100/);
  });
  after(() => screens.stop());
  afterEach(async () => {
    screens.stack.traps.clear();
    assert.deepEqual(await screens.faults(), []);
    await createStory(screens.stack).assertMoney();
  });

  async function order(prompt: string): Promise<void> {
    await boris.say(`/generate ${prompt}`);
    await boris.sees(/Which model/);
    await boris.press(/Nano Banana ·/);
    await boris.sees(/Shall I draw this/);
    await boris.press(/Draw for 4/);
  }

  it('taken back while it waits: the credits return, and the message says so (S17)', async () => {
    const sending = screens.stack.traps.stopAt('generation.before-sending');
    await order('Changed my mind');
    await sending.reached;
    await boris.sees(/In the queue[\s\S]*4 credits set aside/);
    assert.match((await boris.press(/Take it back, return 4 credits/)).text ?? '', /credits have returned/);
    sending.open();
    await boris.sees(/Taken back[\s\S]*4 credits returned/);
    await boris.say('/balance');
    await boris.sees(/Balance: 100 credits/);
  });

  it('failed at the provider: what happened, what returned, and a way on', async () => {
    await order('[fail] a kite');
    const failed = await boris.sees(/Not drawn[\s\S]*Returned: 4 credits/);
    assert.deepEqual(labelsOf(failed), ['Again', 'Models']);
    const news = (await boris.messages()).filter((message) => /Not drawn/.test(textOf(message)));
    assert.equal(news.length, 1, 'told by the order’s own message, and not a second time');
    await boris.press(/Again/);
    await boris.sees(/Shall I draw this[\s\S]*\[fail\] a kite/);
  });

  it('drawn slowly: progress in the same message, the words of the chat, then the picture', async () => {
    await order('[slow:4s] a slow kite');
    await boris.sees(/Drawing…/);
    await eventually(async () => (await boris.act('/chat'))['action'] !== null);
    const drawing = await boris.last();
    await eventually(async () => (await boris.last()).photo !== undefined, { withinMs: 30_000 });
    assert.equal((await boris.last()).message_id, drawing.message_id);
  });
});
