import assert from 'node:assert/strict';
import { explain } from '../../db/explain.ts';
import { createGenerationMoves } from '../../db/generation-moves.ts';
import { type DatabasePool } from '../../db/pool.ts';
import { openAuditPool } from '../../ledger/audit.ts';
import { because, type LedgerBench, openLedgerBench } from '../support/ledger.ts';
import { silent } from '../support/log.ts';
import { type InsertedGeneration, insertGeneration, insertPerson } from '../support/orders.ts';
import { runVerb } from '../support/verb.ts';

const secretPrompt = 'a prompt that nobody else may read';

describe('explain', () => {
  let bench: LedgerBench;
  let pool: DatabasePool;
  let anna: string;
  let order: InsertedGeneration;
  before(async () => {
    bench = await openLedgerBench();
    pool = await openAuditPool(bench.database.ownerUrl, silent);
    anna = await insertPerson(bench.owner);
    await bench.give(anna, 100n);
    order = await insertGeneration(bench.owner, { person: anna, pictures: 2 });
    await bench.owner.query('INSERT INTO app.generation_prompt VALUES ($1, $2)', [order.id, secretPrompt]);
    await deliverOneOfTwo(bench, order);
  });
  after(async () => {
    await pool.end();
    await bench.close();
  });

  const tell = async (id: string) => (await explain(pool, id))?.steps.map((step) => step.what);
  const wholeStory = [
    'generation ordered',
    'funds held',
    'attempt sent',
    'transfer capture',
    'hold captured',
    'result stored',
    'generation is succeeded',
    'message for the person: generation.succeeded',
  ];

  it('tells a purchase from its order to its message, oldest first', async () => {
    const steps = await tell(order.id);
    assert.deepEqual(steps?.toSorted(), wholeStory.toSorted());
    assert.equal(steps?.[0], 'generation ordered');
    const times = (await explain(pool, order.id))?.steps.map((step) => Date.parse(step.at)) ?? [];
    assert.deepEqual(
      times,
      times.toSorted((one, other) => one - other),
    );
  });

  it('tells the same by the id of the workflow', async () => {
    assert.deepEqual(await tell(order.workflowId), await tell(order.id));
  });

  it('gives each movement of money its cause and the reference of the provider', async () => {
    const steps = (await explain(pool, order.id))?.steps.filter((step) => step.cause !== null) ?? [];
    assert.deepEqual(
      steps.map((step) => step.cause?.['step']),
      ['reserve', 'capture', 'capture'],
    );
    assert.ok(JSON.stringify(await explain(pool, order.id)).includes('task-1'));
  });

  it('tells a hold by its key, a transfer by its number and a person by the id', async () => {
    assert.deepEqual(await tell(order.holdKey), ['funds held', 'transfer capture', 'hold captured']);
    const { rows } = await bench.owner.query<{ id: string }>("SELECT id FROM ledger.transfer WHERE kind = 'capture'");
    assert.deepEqual(await tell(rows[0]?.id ?? ''), ['funds held', 'transfer capture', 'hold captured']);
    assert.deepEqual((await tell(anna))?.toSorted(), [...wholeStory, 'transfer credit'].toSorted());
  });

  it('never shows a prompt or the secret part of a callback address', async () => {
    const text = JSON.stringify([await explain(pool, order.id), await explain(pool, anna)]);
    assert.ok(!text.includes(secretPrompt));
    assert.ok(!text.includes('secret-token'));
  });

  it("knows nothing by an id that is nobody's", async () => {
    for (const id of ['00000000-0000-4000-8000-000000000000', '999999999', 'generation/x/reserve', "' OR 1=1 --"]) {
      assert.equal(await explain(pool, id), undefined);
    }
  });

  it('is a verb: exit code 0 with the story, 1 with a clear message for an unknown id', async () => {
    const story = await runVerb(bench.database, 'explain', order.id, '--json');
    assert.equal(story.code, 0, story.stderr);
    assert.equal((JSON.parse(story.stdout) as { steps: unknown[] }).steps.length, wholeStory.length);
    const nothing = await runVerb(bench.database, 'explain', 'nothing');
    assert.equal(nothing.code, 1);
    assert.match(nothing.stderr, /There is no purchase, hold, transfer or user with the id nothing/);
  }).timeout(60_000);
});

async function deliverOneOfTwo(bench: LedgerBench, { id: generationId, workflowId, holdKey }: InsertedGeneration) {
  const moves = createGenerationMoves(bench.pool);
  await moves.reserve({ generationId, key: holdKey, ttlMs: 3_600_000, cause: because('reserve', workflowId) });
  await bench.owner.query(
    `INSERT INTO app.generation_attempt (id, generation_id, number, token)
     VALUES ($1, $1, 1, 'secret-token')`,
    [generationId],
  );
  await bench.owner.query('SELECT app.generation_begin_sending($1)', [generationId]);
  await bench.owner.query("SELECT app.generation_record_attempt($1, 'accepted', 'task-1', NULL, NULL)", [generationId]);
  const pictures = [{ position: 0, blobKey: 'blob', mime: 'image/png', bytes: 10 }];
  const cause = because('capture', workflowId);
  await moves.capture({ generationId, key: `${workflowId}/capture`, cause, holdKey, amountMinor: 10n, pictures });
}
