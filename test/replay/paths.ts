import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { payerCoinsWorkflowId } from '../../core/flows/guide.ts';
import { createRefunds } from '../../db/refunds.ts';
import { eventually } from '../support/eventually.ts';
import type { Stack } from '../support/stack.ts';
import type { Story } from '../support/story.ts';
import { chargesOf, invoiceOf, type TelegramDesk } from '../support/telegram-desk.ts';

/** One path of a flow, led to its end on a real stack; answers the id of the workflow whose history shows it. */
export type Path = (scene: { stack: Stack; story: Story; desk: TelegramDesk }) => Promise<string>;

const drawn =
  (words: string, pictures?: number): Path =>
  async ({ story }) => {
    const vera = await story.person({ credits: 20 });
    const id = await story.order(vera, { prompt: `A fox ${words}`, ...(pictures === undefined ? {} : { pictures }) });
    return `generation/${id}`;
  };

const bought =
  (act: string, body: object = {}): Path =>
  async ({ stack, story }) => {
    const { id, paymentId } = await story.buy(await story.person());
    await stack.shop.control(`/payments/${paymentId}/${act}`, body);
    return `topup/${id}`;
  };

const unknownThenFailed: Path = async ({ stack, story }) => {
  const vera = await story.person({ credits: 20 });
  const id = await story.order(vera, { prompt: `Late ${randomUUID()} [lost] [stuck]` });
  const isUnknown = async () =>
    (await story.count("app.generation_attempt WHERE generation_id = $1 AND state = 'unknown'", [id])) === 1;
  await eventually(isUnknown, { withinMs: 10_000 });
  await story.ageGeneration(id, 16);
  await story.until(id, 'failed', 30_000);
  await story.closed(`generation/${id}`);
  assert.ok(stack.studio.url);
  return `generation/${id}`;
};

const refunded =
  (end: 'refunded' | 'needs_attention'): Path =>
  async ({ stack, story, desk }) => {
    const vera = await story.person();
    const { body } = await story.placeTopup(vera, { provider: 'stars' });
    const topupId: string = body.topup.id;
    await desk.pay(vera, await invoiceOf(stack, topupId));
    await story.until(topupId, 'credited');
    if (end === 'needs_attention') await story.until(await story.order(vera, { prompt: 'Spent' }), 'succeeded');
    const [charge] = await chargesOf(stack, topupId);
    const refunds = createRefunds(stack.pool);
    const request = { reason: 'operator', by: 'operator:test', forced: false } as const;
    const refundId = (await refunds.ask({ chargeId: charge?.chargeId ?? '', ...request }))?.refundId ?? '';
    await eventually(async () => (await refunds.get(refundId))?.status === end, { withinMs: 20_000 });
    return `refund/${refundId}`;
  };

/** Every path of each workflow whose history is kept. */
export const paths: Readonly<Record<string, Readonly<Record<string, Path>>>> = {
  generation: {
    delivered: drawn(''),
    'delivered-by-polling': drawn('[silent]'),
    'delivered-in-part': drawn('[count:2]', 4),
    'refused-for-funds': async ({ story }) => {
      const key = randomUUID();
      assert.equal((await story.placeGeneration(await story.person(), { prompt: 'Too dear', key })).status, 402);
      return `generation/${key}`;
    },
    'refused-by-provider': drawn('[refuse:422]'),
    'failed-at-provider': drawn('[fail:500]'),
    'result-gone': drawn('[gone]'),
    'unknown-then-callback': drawn('[lost] [slow:1s]'),
    'unknown-then-no-answer': unknownThenFailed,
    'callback-while-giving-up': async ({ stack, story }) => {
      const vera = await story.person({ credits: 20 });
      const prompt = `Crossing ${randomUUID()}`;
      const id = await story.order(vera, { prompt: `${prompt} [lost] [stuck]` });
      await story.until(id, 'submitted');
      const releasing = stack.traps.stopAt('generation.before-release');
      await story.ageGeneration(id, 16);
      await releasing.reached;
      const [task] = await story.tasks(prompt);
      await stack.studio.control(`/tasks/${task?.taskId}/succeed`);
      await eventually(async () => (await story.count("app.inbox WHERE source = 'kie' AND state = 'pending'")) === 0);
      await eventually(
        async () =>
          (await story.count('app.generation_attempt WHERE generation_id = $1 AND task_id IS NOT NULL', [id])) === 1,
      );
      releasing.open();
      return `generation/${id}`;
    },
    'canceled-in-queue': async ({ stack, story }) => {
      const sending = stack.traps.stopAt('generation.before-sending');
      const vera = await story.person({ credits: 20 });
      const id = await story.order(vera, { prompt: 'Changed my mind' });
      await sending.reached;
      await story.act(vera, `/generations/${id}/cancel`);
      sending.open();
      return `generation/${id}`;
    },
    'too-late-to-cancel': async ({ story }) => {
      const vera = await story.person({ credits: 20 });
      const id = await story.order(vera, { prompt: 'No way back [slow:2s]' });
      await story.until(id, 'running');
      await story.act(vera, `/generations/${id}/cancel`);
      return `generation/${id}`;
    },
    'retried-capture': async (scene) => {
      scene.stack.traps.throwAt('generation.after-capture', 2);
      return drawn('')(scene);
    },
    parked: async ({ stack, story }) => {
      const vera = await story.person({ credits: 20 });
      const prompt = `Parked ${randomUUID()}`;
      const id = await story.order(vera, { prompt: `${prompt} [stuck]` });
      await story.until(id, 'running');
      await stack.owner.query(
        `SELECT ledger.release('test/mistake', $1, '{"workflowId": "test", "step": "test", "actor": "system"}')`,
        [`generation/${id}/reserve`],
      );
      const [task] = await story.tasks(prompt);
      await stack.studio.control(`/tasks/${task?.taskId}/succeed`);
      return `generation/${id}`;
    },
  },
  topup: {
    credited: bought('succeed'),
    'canceled-at-provider': bought('cancel'),
    mismatched: bought('succeed', { amount: '1.00' }),
    'canceled-then-credited': async ({ stack, story }) => {
      const vera = await story.person();
      const { id, paymentId } = await story.buy(vera);
      await story.act(vera, `/topups/${id}/cancel`);
      await stack.shop.control(`/payments/${paymentId}/succeed`);
      return `topup/${id}`;
    },
    'checked-then-credited': async ({ stack, story }) => {
      const vera = await story.person();
      const { id, paymentId } = await story.buy(vera);
      await story.act(vera, `/topups/${id}/check`);
      await stack.shop.control(`/payments/${paymentId}/succeed`, { notify: false });
      await story.act(vera, `/topups/${id}/check`);
      return `topup/${id}`;
    },
    'refused-by-provider': async ({ stack, story }) => {
      const body = { type: 'error', code: 'invalid_request', description: 'Receipt is missing or illegal' };
      await stack.shop.faults({ method: 'POST', path: '/v3/payments', fault: { kind: 'status', status: 400, body } });
      const placed = await story.placeTopup(await story.person());
      return `topup/${placed.body.topup.id}`;
    },
    'created-after-failures': async (scene) => {
      const fault = { kind: 'status', status: 500, body: {} } as const;
      await scene.stack.shop.faults({ method: 'POST', path: '/v3/payments', times: 2, fault });
      return bought('succeed')(scene);
    },
  },
  refund: {
    refunded: refunded('refunded'),
    'stopped-before-spent-credits': refunded('needs_attention'),
  },
  settlePayment: {
    'credited-after-close': async ({ stack, story }) => {
      const { id, paymentId } = await story.buy(await story.person());
      await stack.shop.control(`/payments/${paymentId}/cancel`);
      await story.closed(`topup/${id}`);
      await stack.shop.control(`/payments/${paymentId}/succeed`, { force: true });
      await story.until(id, 'credited');
      return `settle/yookassa/${paymentId}`;
    },
    'unknown-payment': async ({ story }) => {
      const paymentId = randomUUID();
      await story.notify(paymentId);
      return `settle/yookassa/${paymentId}`;
    },
  },
  payerCoins: {
    read: async ({ stack }) => {
      assert.ok((await stack.gateway.lookUpPayerCoins({ provider: 'heleket' }))?.length);
      return payerCoinsWorkflowId({ provider: 'heleket' });
    },
    // A worker of a provider that is paid in no coins.
    'not-said': async ({ stack }) => {
      assert.equal(await stack.gateway.lookUpPayerCoins({ provider: 'yookassa' }), null);
      return payerCoinsWorkflowId({ provider: 'yookassa' });
    },
  },
  settleGeneration: {
    'kept-late': async (scene) => {
      const { stack, story } = scene;
      const id = (await unknownThenFailed(scene)).split('/')[1] ?? '';
      const generation = await story.generation(id);
      const [task] = await story.tasks(generation.promptExcerpt.replace(/ \[.*$/, ''));
      await stack.studio.control(`/tasks/${task?.taskId}/succeed`);
      await eventually(async () => (await stack.generations.results(id)).length === 1, { withinMs: 20_000 });
      const { rows } = await stack.owner.query<{ id: string }>(
        'SELECT id FROM app.generation_attempt WHERE generation_id = $1',
        [id],
      );
      return `settle/kie/${rows[0]?.id}`;
    },
  },
};
