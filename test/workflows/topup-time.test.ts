import assert from 'node:assert/strict';
import { Worker } from '@temporalio/worker';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { createActivities } from '../../activities/index.ts';
import { flowsQueue, providerQueue } from '../../core/queues.ts';
import { payloadConverterPath } from '../../gateway/connection.ts';
import { unarmed } from '../../platform/failpoints.ts';
import { openCache } from '../../platform/cache/open-cache.ts';
import { createProviders } from '../../providers/registry.ts';
import { wireActivities, workflowsPath } from '../../workers/wiring.ts';
import { testEnvironment } from '../support/environment.ts';
import { silent } from '../support/log.ts';
import { skip } from '../support/skip.ts';
import { createStory, type Story } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { registerSearchAttributes } from '../support/temporal-namespace.ts';
import { startTimeSkipping } from '../support/time-skipping.ts';

describe('a top-up that nobody pays for hours (time skips)', () => {
  let environment: TestWorkflowEnvironment | undefined;
  let stack: Stack | undefined;
  let story: Story;
  let endWorkers: () => Promise<void>;

  before(async function () {
    this.timeout(240_000);
    const started = await startTimeSkipping();
    if (started.outcome === 'missing') return skip(this, started.reason);
    environment = started.environment;
    await registerSearchAttributes(environment.connection, 'default');
    stack = await startStack({ withWorker: false, temporal: { address: environment.address, namespace: 'default' } });
    story = createStory(stack);
    endWorkers = await startWorkers(environment, stack);
  });
  after(async function () {
    this.timeout(60_000);
    await endWorkers?.();
    await stack?.stop();
    await environment?.teardown();
  });

  /** Workflows and the provider's calls on the skipping server, which knows no schedules. */
  async function startWorkers(server: TestWorkflowEnvironment, { api, pool }: Stack): Promise<() => Promise<void>> {
    const providers = createProviders({ config: api.config, logger: silent });
    const { config } = api;
    const cache = await openCache({ config: config.cache, logger: silent });
    const wired = wireActivities({ config, pool, cache, providers, failpoint: unarmed, metrics: undefined });
    const { bundlePath } = testEnvironment();
    const common = {
      connection: server.nativeConnection,
      activities: createActivities(wired),
      dataConverter: { payloadConverterPath },
    };
    const code = bundlePath === undefined ? { workflowsPath } : { workflowBundle: { codePath: bundlePath } };
    const workers = await Promise.all([
      Worker.create({ ...common, ...code, taskQueue: flowsQueue }),
      Worker.create({ ...common, taskQueue: providerQueue('yookassa') }),
    ]);
    const runs = workers.map((worker) => worker.run());
    return async () => {
      for (const worker of workers) worker.shutdown();
      await Promise.all(runs);
      providers.close();
    };
  }

  const expire = async () => {
    const vera = await story.person();
    const { id, paymentId } = await story.buy(vera);
    await environment?.sleep('64 minutes');
    assert.equal((await story.topup(id)).status, 'awaiting_payment');
    await environment?.sleep('2 minutes');
    await story.until(id, 'expired');
    return { vera, id, paymentId };
  };

  it('expires 65 minutes after it was placed, and a payment that comes then is credited', async () => {
    const { vera, id, paymentId } = await expire();
    assert.equal((await story.topup(id)).failureCode, 'not_paid_in_time');
    await stack?.shop.control(`/payments/${paymentId}/succeed`);
    await story.until(id, 'credited');
    assert.equal((await story.balance(vera)).available, 100n);
    assert.deepEqual(await story.told(vera), ['topup.expired', 'topup.credited']);
    await story.assertMoney();
  }).timeout(60_000);

  it('is looked at ever more seldom without being asked, and ends when the provider says so', async () => {
    const { id, paymentId } = await expire();
    await stack?.shop.control(`/payments/${paymentId}/cancel`, { notify: false });
    await environment?.sleep('131 minutes');
    await story.until(id, 'canceled');
    await story.assertMoney();
  }).timeout(60_000);
});
