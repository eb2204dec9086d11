import assert from 'node:assert/strict';
import { createGenerationMoves } from '../../db/generation-moves.ts';
import { createGenerations } from '../../db/generations.ts';
import { createTopupMoves } from '../../db/topup-moves.ts';
import { createTopups } from '../../db/topups.ts';
import { type AuditBench, openAuditBench } from '../support/audit.ts';
import { insertGeneration, insertPerson, insertTopup } from '../support/orders.ts';

describe('orders that were accepted and left alone', () => {
  let bench: AuditBench;
  let person: string;
  before(async () => {
    bench = await openAuditBench();
    person = await insertPerson(bench.owner);
  });
  after(() => bench.close());

  it('do not wait behind generations that a person has to look at', async () => {
    const generations = createGenerations(bench.pool);
    const [stuck, waiting] = [
      await insertGeneration(bench.owner, { person }),
      await insertGeneration(bench.owner, { person }),
    ];
    await createGenerationMoves(bench.pool).park(stuck.id, stuck.workflowId, { reason: 'refused_by_database' });
    const next = async () => (await generations.listAccepted(0, 1)).map(({ id }) => id);
    assert.deepEqual(await next(), [waiting.id]);
    await bench.owner.query('UPDATE app.attention SET closed_at = now() WHERE workflow_id = $1', [stuck.workflowId]);
    assert.deepEqual(await next(), [stuck.id]);
  });

  it('do not wait behind top-ups that a person has to look at', async () => {
    const [stuck, waiting] = [
      await insertTopup(bench.owner, { person, status: 'accepted' }),
      await insertTopup(bench.owner, { person, status: 'accepted' }),
    ];
    const evidence = { workflowId: `topup/${stuck}`, facts: { reason: 'order_missing' } };
    await createTopupMoves(bench.pool).flag(stuck, 'unresolved', evidence);
    const [next] = await createTopups(bench.pool).listAccepted(0, 1);
    assert.equal(next?.id, waiting);
  });
});
