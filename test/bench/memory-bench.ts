import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../platform/ports.ts';
import type { BenchGround } from './ground.ts';
import { type MemoryReading, readMemory } from './inspector.ts';
import type { MemoryFigure } from './memory-figure.ts';
import { openSagaClient } from './saga-benches.ts';
import type { Scale } from './scale.ts';
import { startStack } from './stack.ts';

const callers = 20;
const growthMax = 0.1;
/** What late callbacks and pumps still do after the last saga has ended. */
const quietMs = 5_000;

/** What worker and API hold after many sagas, against after few: it must not grow with what has passed through. */
export async function memoryBench(ground: BenchGround, scale: Scale): Promise<MemoryFigure[]> {
  const ports = { worker: await freePort(), API: await freePort() };
  const stack = await startStack(ground, {
    people: scale.people,
    workerOptions: [`--inspect=127.0.0.1:${ports.worker}`],
    apiOptions: [`--inspect=127.0.0.1:${ports.API}`],
  });
  const client = await openSagaClient(stack, scale.people);
  let done = 0;

  async function runUpTo(total: number): Promise<void> {
    let left = total - done;
    const caller = async () => {
      while (left > 0) {
        left -= 1;
        await client.ours(() => undefined);
        done += 1;
        if (done % 500 === 0) ground.tell(`memory: ${done} sagas`);
      }
    };
    await Promise.all(Array.from({ length: callers }, caller));
  }

  async function look() {
    await sleep(quietMs);
    return { worker: await readMemory(ports.worker), API: await readMemory(ports.API) };
  }

  const [few, many] = scale.memorySagas;
  await runUpTo(few);
  const before = await look();
  await runUpTo(many);
  const after = await look();
  await client.close();
  const figure = (name: 'worker' | 'API', kind: keyof MemoryReading) =>
    toFigure(
      { what: `${name}: ${kind === 'rss' ? 'RSS' : 'heap'} after ${many} sagas`, few },
      before[name][kind],
      after[name][kind],
    );
  return [figure('worker', 'rss'), figure('worker', 'heapUsed'), figure('API', 'rss'), figure('API', 'heapUsed')];
}

function toFigure({ what, few }: { what: string; few: number }, before: number, after: number): MemoryFigure {
  return { bench: what, baseline: `after ${few}`, before, after, growth: after / before - 1, growthMax };
}
