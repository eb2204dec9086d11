import { randomUUID } from 'node:crypto';
import { generationWorkflowId } from '../../core/flows/generation.ts';
import type { NewGeneration } from '../../db/generations.ts';
import { openPool } from '../../db/pool.ts';
import { openTemporalClient } from '../../gateway/connection.ts';
import { createGateway } from '../../gateway/gateway.ts';
import { silent } from '../support/log.ts';
import { type BareOrder, bareWorkflowId, place } from './bare/messages.ts';
import { bareStart } from './bare/start-options.ts';
import { compare, type Figure } from './compare.ts';
import { createCpuMeter } from './cpu.ts';
import type { BenchGround } from './ground.ts';
import { anyone } from './ledger.ts';
import { type Mark, runLoad } from './load.ts';
import type { Scale } from './scale.ts';
import { type BenchStack, startStack } from './stack.ts';

/** A generation, from the order to its end, by the product and by the bare processes. */
export interface SagaClient {
  ours(mark: Mark): Promise<void>;
  bare(mark: Mark): Promise<void>;
  close(): Promise<void>;
}

/** The callers' side of both: a client of Temporal, and for ours the gateway over a pool. */
export async function openSagaClient(stack: BenchStack, people: number): Promise<SagaClient> {
  const pool = await openPool({
    url: stack.database.url,
    size: 8,
    applicationName: 'bench-sagas',
    logger: silent,
    checkRows: false,
  });
  const { client, close } = openTemporalClient({ address: stack.temporalAddress, namespace: 'default' });
  const gateway = createGateway({ client, pool, logger: silent });

  async function endOf(workflowId: string): Promise<void> {
    const { status } = (await client.workflow.getHandle(workflowId).result()) as { status: string };
    if (status !== 'succeeded') throw new Error(`${workflowId} ended as ${status}`);
  }

  return {
    async ours(mark) {
      const order = newGeneration(anyone(people));
      const placed = await gateway.placeGeneration(order);
      if (placed.outcome !== 'placed') throw new Error(`placing answered ${placed.outcome}`);
      if (placed.order.status === 'accepted') throw new Error('no first answer in time');
      mark('funds held');
      await endOf(generationWorkflowId(order.id));
    },
    async bare(mark) {
      const order: BareOrder = { id: randomUUID(), userId: anyone(people), provider: 'kie', amountMinor: '4' };
      const startWorkflowOperation = bareStart('generation', order);
      await client.workflow.executeUpdateWithStart(place, { startWorkflowOperation, updateId: 'place' });
      mark('funds held');
      await endOf(bareWorkflowId('generation', order.id));
    },
    async close() {
      await Promise.all([pool.end(), close()]);
    },
  };
}

function newGeneration(userId: string): NewGeneration {
  return {
    id: randomUUID(),
    userId,
    requestHash: Buffer.alloc(32),
    provider: 'kie',
    modelId: 'nano-banana',
    catalogueVersion: 'bench',
    priceMinor: 4n,
    unitPriceMinor: 4n,
    priceAsset: 'CREDIT',
    pictures: 1,
    providerModel: 'google/nano-banana',
    providerOptions: { aspect_ratio: '1:1', output_format: 'png' },
    imageField: null,
    imageIds: [],
    promptExcerpt: 'A red fox in the morning tram',
    prompt: 'A red fox in the morning tram',
  };
}

/** Generations by the product, against a bare workflow with the same activities, signals and events and no database. */
export async function sagaBenches(ground: BenchGround, scale: Scale): Promise<Figure[]> {
  const stack = await startStack(ground, { people: scale.people });
  const client = await openSagaClient(stack, scale.people);
  const shared = {
    Temporal: [(await ground.temporal()).guardPid],
    PostgreSQL: [(await ground.postgres()).guardPid],
    simulators: [stack.simulators.pid],
    'the caller': [process.pid],
  };
  // Only the processes of the side that runs: the other side's idle polling is not its.
  const cpu = {
    ours: createCpuMeter({ worker: [stack.worker.pid], API: [stack.api.pid], ...shared }),
    bare: createCpuMeter({ worker: [stack.bareWorker.pid], API: [stack.bareApi.pid], ...shared }),
  };
  const figures: Figure[] = [];
  for (const callers of [1, 20]) {
    figures.push(
      await compare({
        bench: `generation saga, ${callers} caller${callers === 1 ? '' : 's'}`,
        baseline: 'bare workflow, same activities and simulator, no database',
        wantedRatio: 0.75,
        rounds: scale.rounds,
        ours: () => runLoad({ callers, ...scale.sagas, act: client.ours, cpu: cpu.ours }),
        bare: () => runLoad({ callers, ...scale.sagas, act: client.bare, cpu: cpu.bare }),
        onRun: ground.tell,
      }),
    );
  }
  await client.close();
  return figures;
}
