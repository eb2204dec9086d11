import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { type StarStack, startStarStack } from '../support/star-stack.ts';

describe('purchases of Stars by many at once', function () {
  this.timeout(120_000);
  let stars: StarStack;
  before(async () => {
    stars = await startStarStack({ replayAlways: false });
  });
  afterEach(async () => {
    stars.stack.traps.clear();
    await stars.story.assertMoney();
    await stars.assertChain();
  });
  after(() => stars?.stop());

  /** As many purchases as people, placed together and not signed for: each waits for its place in a message. */
  async function waitingCrowd(size: number): Promise<string[]> {
    const people = await Promise.all(Array.from({ length: size }, () => stars.buyer()));
    const quotes = await Promise.all(people.map((person) => stars.quote(person)));
    stars.stack.traps.throwAt('wallet.before-sign', Number.MAX_SAFE_INTEGER);
    const placed = await Promise.all(people.map((person, index) => stars.place(person, quotes[index]?.id ?? '')));
    await eventually(async () => (await stars.waitingCount()) === size, { withinMs: 60_000 });
    return placed.map(({ body }) => body.purchase.id as string);
  }

  it('go out together in one message when several wait, each paid once', async () => {
    const ids = await waitingCrowd(6);
    const messages = await stars.messageCount();
    stars.stack.traps.clear();
    for (const id of ids) await stars.until(id, 'delivered', 60_000);
    assert.equal((await stars.messageCount()) - messages, 1);
    assert.deepEqual(await Promise.all(ids.map(stars.paymentsOf)), [1, 1, 1, 1, 1, 1]);
  });
});
