import assert from 'node:assert/strict';
import { openOffice, type Office } from '../support/office.ts';
import { insertTopup } from '../support/orders.ts';
import { parkPurchase } from '../support/parked-purchase.ts';
import { type Stack, startStack } from '../support/stack.ts';

interface Operator {
  readonly token: string;
  readonly userId: string;
}

describe('operators who decide about parked purchases', function () {
  this.timeout(60_000);
  let stack: Stack;
  let office: Office;
  let anna: string;
  let manager: Operator;
  let owner: Operator;
  let otherOwner: Operator;

  before(async () => {
    stack = await startStack({ replayAlways: false });
    office = await openOffice(stack.api);
    anna = (await stack.api.logIn('anna')).userId;
    manager = await office.employ('sonya', 'manager');
    owner = await office.employ('oleg', 'owner');
    otherOwner = await office.employ('boris', 'owner');
  });

  after(async () => {
    await office.close();
    await stack.stop();
  });

  const decide = async ({ token }: Operator, caseId: string, decision: string) => {
    const body = { decision, reason: 'looked at the chain and at the recipient' };
    const answer = await stack.api.call('POST', `/admin/cases/${caseId}/decide`, { token, body });
    return answer.status === 200 ? answer.body.outcome : answer.body.code;
  };
  const read = async ({ token }: Operator, caseId: string) =>
    (await stack.api.call('GET', `/admin/cases/${caseId}`, { token })).body;

  it('see the case with its money and what they may do', async () => {
    const { caseId, id } = await parkPurchase(stack, { person: anna, needsTwo: false });
    const shown = await read(manager, caseId);
    assert.deepEqual(shown.order.price, { amountMinor: '1000000000', asset: 'TON' });
    assert.equal(shown.case.orderId, id);
    assert.deepEqual(shown.case.evidence, { reason: 'paid, and not seen delivered' });
    assert.deepEqual(shown.decision, { needsTwo: false, canStillPay: false, mayDecide: true, votes: [] });
  });

  it('see the purchase that the case is about, whatever other order its buyer has made under the same key', async () => {
    const { caseId, id, workflowId } = await parkPurchase(stack, { person: anna, needsTwo: false });
    await insertTopup(stack.owner, { id, person: anna });
    const { order } = await read(manager, caseId);
    assert.deepEqual([order.workflowId, order.price.asset], [workflowId, 'TON']);
  });

  it('decide below the limit alone', async () => {
    const { caseId } = await parkPurchase(stack, { person: anna, needsTwo: false });
    assert.equal(await decide(manager, caseId, 'not_delivered'), 'applied');
  });

  it('see above the limit as support, and decide nothing', async () => {
    const { caseId } = await parkPurchase(stack, { person: anna, needsTwo: true });
    const support = await office.employ('anna', 'support');
    assert.equal((await read(support, caseId)).decision.mayDecide, false);
    assert.equal(await decide(support, caseId, 'delivered'), 'role_not_enough');
  });

  it('finish a case above the limit where the shop has one owner, with a manager', async () => {
    const { caseId } = await parkPurchase(stack, { person: anna, needsTwo: true });
    assert.equal(await decide(manager, caseId, 'not_delivered'), 'needs_second');
    assert.equal(await decide(owner, caseId, 'not_delivered'), 'applied');
  });

  it('who are managers decide nothing about what they have bought themselves', async () => {
    const { caseId, id } = await parkPurchase(stack, { person: manager.userId, needsTwo: false });
    assert.equal((await read(manager, caseId)).decision.mayDecide, false);
    assert.equal(await decide(manager, caseId, 'not_delivered'), 'not_for_you');
    const { rows } = await stack.owner.query('SELECT 1 FROM app.star_decision WHERE purchase_id = $1', [id]);
    assert.equal(rows.length, 0);
    assert.equal(await decide(owner, caseId, 'not_delivered'), 'applied');
  });

  it('decide above the limit only when two say the same', async () => {
    const { caseId } = await parkPurchase(stack, { person: anna, needsTwo: true });
    assert.equal(await decide(owner, caseId, 'delivered'), 'needs_second');
    assert.equal(await decide(owner, caseId, 'delivered'), 'needs_second');
    assert.equal(await decide(owner, caseId, 'not_delivered'), 'already_decided');
    const shown = await read(otherOwner, caseId);
    assert.deepEqual(
      shown.decision.votes.map(({ operator, decision, isMine }: Record<string, unknown>) => [
        operator,
        decision,
        isMine,
      ]),
      [['Oleg', 'delivered', false]],
    );
    assert.equal(await decide(otherOwner, caseId, 'delivered'), 'applied');
  });

  it('of whom two say the same at once apply it once', async () => {
    const { caseId, id } = await parkPurchase(stack, { person: anna, needsTwo: true });
    const outcomes = await Promise.all([decide(owner, caseId, 'delivered'), decide(otherOwner, caseId, 'delivered')]);
    assert.deepEqual(outcomes.toSorted(), ['applied', 'needs_second']);
    const { rows } = await stack.owner.query('SELECT 1 FROM app.star_decision WHERE purchase_id = $1', [id]);
    assert.equal(rows.length, 2);
  });

  it('are told when the case has been decided meanwhile', async () => {
    const { caseId } = await parkPurchase(stack, { person: anna, needsTwo: false });
    await stack.owner.query(`UPDATE app.attention SET closed_at = now(), closed_by = 'decided' WHERE id = $1`, [
      caseId,
    ]);
    assert.equal(await decide(owner, caseId, 'delivered'), 'not_parked');
  });

  it('do not close what has to be decided', async () => {
    const { caseId } = await parkPurchase(stack, { person: anna, needsTwo: false });
    const body = { reason: 'I do not want to see it' };
    const answer = await stack.api.call('POST', `/admin/cases/${caseId}/close`, { token: owner.token, body });
    assert.equal(answer.body.outcome, 'needs_decision');
    assert.equal((await read(owner, caseId)).case.closedAt, null);
  });
});
