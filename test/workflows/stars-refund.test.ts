import assert from 'node:assert/strict';
import { createRefunds, type Refunds } from '../../db/refunds.ts';
import { eventually } from '../support/eventually.ts';
import { createStory, type Person, type Story } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { chargesOf, invoiceOf, openTelegramDesk, type TelegramDesk } from '../support/telegram-desk.ts';
import { runVerb } from '../support/verb.ts';

describe('the refund of a payment in Stars', () => {
  let desk: TelegramDesk;
  let stack: Stack;
  let story: Story;
  let refunds: Refunds;
  let vera: Person;
  before(async () => {
    desk = await openTelegramDesk();
    stack = await startStack({ variables: { TELEGRAM_API_URL: desk.url } });
    story = createStory(stack);
    refunds = createRefunds(stack.pool);
  });
  beforeEach(async () => {
    vera = await story.person();
    desk.open(stack);
  });
  afterEach(async () => {
    await desk.close();
    await desk.faults();
    stack.traps.clear();
    await story.assertMoney();
  });
  after(async () => {
    await stack?.stop();
    await desk?.stop();
  });

  async function bought(): Promise<{ id: string; chargeId: string }> {
    const { body } = await story.placeTopup(vera, { provider: 'stars' });
    const id: string = body.topup.id;
    await desk.pay(vera, await invoiceOf(stack, id));
    await story.until(id, 'credited');
    return { id, chargeId: (await chargesOf(stack, id))[0]?.chargeId ?? '' };
  }
  const ask = async (chargeId: string, forced = false) =>
    (await refunds.ask({ chargeId, reason: 'operator', by: 'operator:test', forced }))?.refundId ?? '';
  const until = (refundId: string, status: string) =>
    eventually(async () => (await refunds.get(refundId))?.status === status, { withinMs: 20_000 });
  const credits = async () => (await story.balance(vera)).available;
  const told = async () => (await story.told(vera)).filter((kind) => kind === 'topup.refunded').length;
  const returnedStars = async () => {
    const answer = await desk.client.call('getStarTransactions', {});
    assert.ok(answer.outcome === 'done');
    return answer.value.transactions
      .filter(({ receiver }) => receiver?.type === 'user' && receiver.user.id === vera.telegramId)
      .reduce((sum, { amount }) => sum + amount, 0);
  };

  it('takes the credits back, returns the Stars and tells the person, once, however often it is asked for', async () => {
    const { id, chargeId } = await bought();
    const runs = await Promise.all([ask(chargeId), ask(chargeId), ask(chargeId)]);
    assert.equal(new Set(runs).size, 1);
    await until(runs[0], 'refunded');
    await ask(chargeId);
    await story.closed(`refund/${runs[0]}`);
    assert.deepEqual([await credits(), await told(), await returnedStars()], [0n, 1, 300]);
    assert.equal((await story.topup(id)).status, 'credited', 'what was paid stays told as it was');
  });

  it('whose answer is lost is asked for again, and "already refunded" is done', async () => {
    const { chargeId } = await bought();
    // Nobody takes in Telegram's own message about it.
    await desk.close();
    await desk.faults({ path: '/bot*/refundStarPayment', times: 2, fault: { kind: 'drop-after' } });
    const refundId = await ask(chargeId);
    await until(refundId, 'refunded');
    assert.deepEqual([await credits(), await told(), await returnedStars()], [0n, 1, 300]);
  });

  it('that Telegram refuses is a case, and is asked for until it goes', async () => {
    const { chargeId } = await bought();
    const body = { ok: false, error_code: 400, description: 'Bad Request: BALANCE_TOO_LOW' };
    await desk.faults({ path: '/bot*/refundStarPayment', times: 2, fault: { kind: 'status', status: 400, body } });
    const refundId = await ask(chargeId);
    await until(refundId, 'refunded');
    assert.equal(await story.count("app.attention WHERE kind = 'refund_refused' AND user_id = $1", [vera.id]), 1);
    assert.equal(await returnedStars(), 300);
  });

  it('W16: of spent credits stops before a person; forced, what is missing is written off', async () => {
    const { chargeId } = await bought();
    const generationId = await story.order(vera, { prompt: 'A fox' });
    await story.until(generationId, 'succeeded');
    const refundId = await ask(chargeId);
    await until(refundId, 'needs_attention');
    assert.deepEqual([await credits(), await told(), await returnedStars()], [96n, 0, 0]);
    assert.ok((await story.cases(vera)).includes('refund_blocked'));
    await ask(chargeId, true);
    await until(refundId, 'refunded');
    assert.deepEqual([await credits(), await told(), await returnedStars()], [0n, 1, 300]);
    assert.equal((await refunds.get(refundId))?.writtenOffMinor, 4n);
  });

  it('W16: that Telegram made by itself takes the credits back as well', async () => {
    const { chargeId } = await bought();
    const request = { user_id: vera.telegramId, telegram_payment_charge_id: chargeId };
    assert.equal((await desk.client.call('refundStarPayment', request)).outcome, 'done');
    const isBack = async () => (await told()) === 1;
    await eventually(isBack, { withinMs: 20_000 });
    assert.deepEqual([await credits(), await returnedStars()], [0n, 300]);
  });

  it('that overtakes the credit leaves nothing to credit, and is no mismatch', async () => {
    const gate = stack.traps.stopAt('topup.before-credit');
    const { body } = await story.placeTopup(vera, { provider: 'stars' });
    const id: string = body.topup.id;
    await desk.pay(vera, await invoiceOf(stack, id));
    await gate.reached;
    const refundId = await ask((await chargesOf(stack, id))[0]?.chargeId ?? '');
    await until(refundId, 'refunded');
    gate.open();
    await story.closed(`topup/${id}`);
    assert.equal((await story.topup(id)).status, 'canceled');
    assert.deepEqual([await credits(), await told(), await returnedStars()], [0n, 1, 300]);
    assert.deepEqual([await story.cases(vera), await story.told(vera)], [[], ['topup.refunded']]);
  });

  it('asked for while a worker fails at every step is one refund', async () => {
    const { chargeId } = await bought();
    for (const point of ['take-back', 'return', 'finish']) {
      stack.traps.throwAt(`refund.before-${point}`);
      stack.traps.throwAt(`refund.after-${point}`);
    }
    const refundId = await ask(chargeId);
    await until(refundId, 'refunded');
    await story.closed(`refund/${refundId}`);
    assert.deepEqual([await credits(), await told(), await returnedStars()], [0n, 1, 300]);
  });

  it('is a verb of the operator, by the top-up or the charge', async () => {
    const { id, chargeId } = await bought();
    const run = await runVerb(stack.api.database, 'refund', id, '--as', 'oleg', '--json');
    assert.equal(run.code, 0, run.stderr);
    assert.partialDeepStrictEqual(JSON.parse(run.stdout), { status: 'refunded', chargeId, takenBackMinor: '100' });
    assert.match((await runVerb(stack.api.database, 'refund', chargeId)).stdout, /^Refunded: 300 XTR went back/);
    const nobodys = await runVerb(stack.api.database, 'refund', 'stxNobody');
    assert.equal(nobodys.code, 1);
    assert.match(nobodys.stderr, /Nothing that was paid in Telegram has the id stxNobody/);
  }).timeout(60_000);
});
