import assert from 'node:assert/strict';
import { WorkflowNotFoundError } from '@temporalio/client';
import { fragmentSession, fragmentSessionWorkflowId } from '../../core/flows/fragment-session.ts';
import { starPurchaseWorkflowId } from '../../core/flows/star-purchase.ts';
import { walletWorkflowId } from '../../core/flows/wallet.ts';
import { createStarPurchaseMoves } from '../../db/star-purchase-moves.ts';
import { eventually } from '../support/eventually.ts';
import { type StarStack, startStarStack } from '../support/star-stack.ts';
import type { Person } from '../support/story.ts';

const given = 10_000_000_000n;
const patience = 60_000;

describe('S28: purchases of Stars whose sagas Temporal has lost', function () {
  this.timeout(240_000);
  let stars: StarStack;
  let olga: Person;
  let anna: Person;
  const ids = { decided: '', parked: '', signed: '', reserved: '' };

  before(async () => {
    stars = await startStarStack({ hasty: true, replayAlways: false });
    [anna, olga] = [await stars.buyer(), await stars.operator('manager')];
    await stars.shop.options({ delivery: 'hold' });
    for (const name of ['decided', 'parked'] as const) {
      ids[name] = (await stars.buy(anna, { quantity: name.length * 10 })).id;
      await stars.until(ids[name], 'needs_attention', patience);
    }
    await stars.shop.options({ delivery: 'auto' });
    await stars.chain.control('/pause');
    ids.signed = (await stars.buy(anna, { quantity: 80 })).id;
    await stars.until(ids.signed, 'signed', patience);
    stars.stack.traps.throwAt('star-purchase.after-prepare', 1_000);
    ids.reserved = (await stars.buy(anna, { quantity: 90 })).id;
    await eventually(() => stars.stack.traps.visits('star-purchase.after-prepare') > 3, { withinMs: patience });

    await stars.stack.stopWorker();
    // The decision stands in the rows; the saga that was to hear of it is no more.
    const vote = { operatorId: olga.id, decision: 'delivered', reason: 'the buyer says so' } as const;
    assert.equal(await createStarPurchaseMoves(stars.stack.pool).decide(ids.decided, vote), 'applied');
    await loseSagas();
    const unheard = await stars.stack.gateway.decideStarPurchase(ids.parked, { ...vote, decision: 'not_delivered' });
    assert.deepEqual(unheard, { outcome: 'temporarily_unavailable' });
    await stars.chain.control('/resume');
    await stars.stack.startWorker();
    assert.equal(await stars.stack.gateway.startLostStarPurchases(0), 4);
  });
  after(() => stars?.stop());

  /** What is left of sagas when the database of Temporal is lost: nothing. */
  async function loseSagas(): Promise<void> {
    const { client, temporal, owner } = stars.stack;
    const { rows } = await owner.query<{ wallet: string }>('SELECT DISTINCT wallet FROM app.star_payment');
    const lost = [
      ...Object.values(ids).map(starPurchaseWorkflowId),
      ...rows.map(({ wallet }) => walletWorkflowId(wallet)),
      fragmentSessionWorkflowId(fragmentSession),
    ];
    for (const workflowId of lost) {
      const { workflowService } = client.connection;
      const request = { namespace: temporal.namespace, workflowExecution: { workflowId } };
      await workflowService.deleteWorkflowExecution(request);
      const isGone = async () => {
        try {
          await client.workflow.getHandle(workflowId).describe();
          return false;
        } catch (error) {
          return error instanceof WorkflowNotFoundError;
        }
      };
      await eventually(isGone, { withinMs: patience });
    }
  }

  it('are paid once when their message was signed', async () => {
    await stars.until(ids.signed, 'delivered', patience);
    assert.equal(await stars.paymentsOf(ids.signed), 1);
  });

  it('are bought when nothing was prepared yet', async () => {
    await stars.until(ids.reserved, 'delivered', patience);
    assert.equal(await stars.paymentsOf(ids.reserved), 1);
  });

  it('end as people have decided, although no saga was told of it', async () => {
    await stars.until(ids.decided, 'delivered', patience);
    assert.equal(await stars.paymentsOf(ids.decided), 1);
  });

  it('wait on for a person who has not decided, and hear the decision', async () => {
    assert.equal((await stars.get(ids.parked)).status, 'needs_attention');
    assert.equal((await stars.casesOf(ids.parked)).length, 1);
    assert.equal(await stars.decide(ids.parked, 'not_delivered', olga), 'applied');
    await stars.until(ids.parked, 'failed', patience);
    assert.equal(await stars.paymentsOf(ids.parked), 1);
  });

  it('leave the books in order', async () => {
    for (const id of Object.values(ids)) await stars.closed(id);
    const prices = await Promise.all([ids.signed, ids.reserved, ids.decided].map((id) => stars.get(id)));
    const charged = prices.reduce((sum, { priceMinor }) => sum + priceMinor, 0n);
    assert.deepEqual(await stars.balance(anna), { available: given - charged, held: 0n });
    await stars.story.assertMoney();
    await stars.assertChain();
  });
});
