import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../../platform/ports.ts';
import { limits } from '../../core/limits.ts';
import { eventually } from '../support/eventually.ts';
import { type LiveClient, openLive } from '../support/live.ts';
import { type Caller, logIn } from './callers.ts';
import type { DelayFigure } from './delay-figure.ts';
import type { BenchGround } from './ground.ts';
import { createHttpClient } from './http-client.ts';
import { readMemory } from './inspector.ts';
import type { MemoryFigure } from './memory-figure.ts';
import type { Scale } from './scale.ts';
import { startStack } from './stack.ts';
import { latencyOf } from './statistics.ts';

const growthMax = 0.1;
const p99MaxMs = 300;
const kinds = ['generation.progress', 'balance.changed'];

interface LiveFigures {
  readonly delays: DelayFigure[];
  readonly memory: MemoryFigure[];
}

/** From the fact in the database to the person's sockets, with many of them open, and what they cost. */
export async function liveBench(ground: BenchGround, scale: Scale): Promise<LiveFigures> {
  const { sockets: count, factsPerSecond, durationMs, warmUpMs } = scale.live;
  const inspectPort = await freePort();
  const stack = await startStack(ground, {
    people: scale.people,
    apiOptions: [`--inspect=127.0.0.1:${inspectPort}`],
  });
  const http = createHttpClient(stack.apiUrl);
  const people = await logIn(stack, http, Math.ceil(count / limits.liveSocketsPerUserMax));
  http.close();
  const bare = await readMemory(inspectPort);
  const clients = await openAll(stack.apiUrl, people, count);
  const pool = new pg.Pool({ connectionString: stack.database.url, max: 4 });
  const facts = createFacts(pool, people);
  try {
    await facts.make(factsPerSecond, warmUpMs);
    const before = await readMemory(inspectPort);
    await facts.make(factsPerSecond, durationMs);
    const lost = await facts.settle(clients);
    const after = await readMemory(inspectPort);
    const under = `${count} sockets, ${factsPerSecond} facts/s`;
    ground.tell(`live: ${((before.rss - bare.rss) / count / 1024).toFixed(1)} KiB of RSS a socket`);
    const rss = { bench: `API: RSS, ${under}`, baseline: `after ${warmUpMs / 1_000} s`, growthMax };
    return {
      delays: [{ bench: 'fact to socket', under, latency: latencyOf(facts.delays(clients)), p99MaxMs, errors: lost }],
      memory: [{ ...rss, before: before.rss, after: after.rss, growth: after.rss / before.rss - 1 }],
    };
  } finally {
    for (const { socket } of clients) socket.terminate();
    await pool.end();
  }
}

interface BenchSocket extends LiveClient {
  readonly owner: string;
  /** When each fact was received. */
  readonly receivedAt: ReadonlyMap<string, number>;
}

async function openAll(url: string, people: readonly Caller[], count: number): Promise<BenchSocket[]> {
  const clients: BenchSocket[] = [];
  for (let number = 0; number < count; number += 1) {
    const { token, userId } = people[number % people.length] as Caller;
    const client = await openLive(url, token);
    const receivedAt = new Map<string, number>();
    client.socket.on('message', (data: Buffer) => {
      const id = /"fact":"(\d+)"/.exec(data.toString())?.[1];
      if (id !== undefined) receivedAt.set(id, performance.now());
    });
    clients.push({ ...client, owner: userId, receivedAt });
  }
  await eventually(() => clients.every(({ messages }) => messages.length > 0));
  return clients;
}

function createFacts(pool: pg.Pool, people: readonly Caller[]) {
  const committed = new Map<string, { readonly owner: string; readonly at: number }>();
  let made = 0;

  async function makeOne(): Promise<void> {
    const id = String((made += 1));
    const { userId } = people[made % people.length] as Caller;
    const text = 'SELECT app.announce($1::uuid, $2, $3::jsonb)';
    await pool.query({ name: 'fact', text, values: [userId, kinds[made % 2], JSON.stringify({ fact: id })] });
    committed.set(id, { owner: userId, at: performance.now() });
  }

  return {
    /** Facts at a steady rate. */
    async make(perSecond: number, ms: number): Promise<void> {
      const [startedAt, total] = [performance.now(), Math.round((perSecond * ms) / 1_000)];
      const running: Promise<void>[] = [];
      for (let number = 0; number < total; number += 1) {
        await sleep(Math.max(0, startedAt + (number * 1_000) / perSecond - performance.now()));
        running.push(makeOne());
      }
      await Promise.all(running);
    },
    /** Waits until every socket has its person's facts; resolves with how many did not come in time, or came twice. */
    async settle(clients: readonly BenchSocket[]): Promise<number> {
      const wanted = Map.groupBy(committed.values(), ({ owner }) => owner);
      const missing = () =>
        clients.reduce(
          (sum, { owner, receivedAt, events }) =>
            sum + Math.abs((wanted.get(owner)?.length ?? 0) - receivedAt.size) + (events().length - receivedAt.size),
          0,
        );
      await eventually(() => missing() === 0).catch(() => undefined);
      return missing();
    },
    delays: (clients: readonly BenchSocket[]): number[] =>
      clients.flatMap(({ receivedAt }) =>
        [...receivedAt].map(([id, at]) => Math.max(0, at - (committed.get(id)?.at ?? at))),
      ),
  };
}
