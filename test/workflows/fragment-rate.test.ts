import assert from 'node:assert/strict';
import { silent } from '../support/log.ts';
import { type StarStack, startStarStack } from '../support/star-stack.ts';
import { type RunningWorker, startWorker } from '../../workers/main.ts';

const rate = 8;
const buyerCount = 5;

describe('the rate of calls to Fragment', function () {
  this.timeout(120_000);
  let stars: StarStack;
  let workers: RunningWorker[] = [];
  // A stack for each try: the most that a simulator has seen within a second stays what it was.
  beforeEach(async () => {
    stars = await startStarStack({ withWorker: false, callsPerSecond: rate });
    // Two workers with the clients that they make themselves.
    const start = () => startWorker({ config: stars.stack.api.config, logger: silent });
    workers = [await start(), await start()];
  });
  afterEach(async () => {
    for (const worker of workers) await worker.stop();
    await stars?.stop();
  });

  it('is kept by all calls of many purchases together, over two workers', async () => {
    const people = await Promise.all(Array.from({ length: buyerCount }, () => stars.buyer()));
    const orders = await Promise.all(people.map((person) => stars.buy(person)));
    for (const { id } of orders) await stars.until(id, 'delivered', 60_000);
    const { traffic } = await stars.shop.state();
    assert.ok(traffic.calls > 3 * rate, `${traffic.calls} calls are too few to show anything`);
    // What leaves evenly may arrive unevenly, by one.
    assert.ok(traffic.callsInSecondMax <= rate + 1, `${traffic.callsInSecondMax} calls within a second`);
  });
});
