import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createStory } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { eventually } from '../support/eventually.ts';
import { type RunningWorker, startWorker } from '../../workers/main.ts';
import { silent } from '../support/log.ts';

const rate = 10;
const invoiceCount = 12;

describe('the rate of calls to Heleket', function () {
  this.timeout(90_000);
  let stack: Stack;
  let workers: RunningWorker[] = [];
  // A stack for each try: the most that a simulator has seen within a second stays what it was.
  beforeEach(async () => {
    stack = await startStack({ withWorker: false, variables: { HELEKET_CALLS_PER_SECOND: String(rate) } });
    // Two workers with the clients that they make themselves.
    const start = () => startWorker({ config: stack.api.config, logger: silent });
    workers = [await start(), await start()];
  });
  afterEach(async () => {
    for (const worker of workers) await worker.stop();
    await stack?.stop();
  });

  it('is kept by creating and by the sweep of many pending invoices together, over two workers', async () => {
    const story = createStory(stack);
    await stack.exchange.control('/options', { requestsPerSecondMax: rate, perPage: 1 });
    const people = await Promise.all(Array.from({ length: invoiceCount }, () => story.person()));
    const buy = () => Promise.all(people.map((person) => story.placeTopup(person, { provider: 'heleket' })));
    const areMade = (count: number) =>
      eventually(async () => (await stack.exchange.state()).invoices.length === count, { withinMs: 30_000 });
    const sweep = () =>
      stack.client.workflow.execute('housekeeping', {
        taskQueue: 'holdfast',
        workflowId: `sweep/${randomUUID()}`,
        args: [{ job: 'sweepPayments' }],
      });
    await buy();
    await areMade(invoiceCount);
    await Promise.all([sweep(), sweep(), buy()]);
    await areMade(2 * invoiceCount);
    const { traffic } = await stack.exchange.state();
    assert.ok(traffic.calls > 2 * rate, `${traffic.calls} calls are too few to show anything`);
    // What leaves evenly may arrive unevenly, by one.
    assert.ok(traffic.callsInSecondMax <= rate + 1, `${traffic.callsInSecondMax} calls within a second`);
  });
});
