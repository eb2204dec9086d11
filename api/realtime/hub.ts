import { limits } from '../../core/limits.ts';
import type { LiveMessage } from '../../core/live.ts';
import { movesMoney } from '../../core/live.ts';
import type { Live, LiveCursor, LiveFact } from '../../db/live.ts';
import type { LedgerReads } from '../../ledger/reads.ts';
import type { Logger } from '../../platform/logger.ts';
import { pause } from '../../platform/pause.ts';
import type { LiveMetrics } from '../../platform/telemetry/live-metrics.ts';
import { createTurns } from '../../platform/turns.ts';
import { showBalance } from './snapshot.ts';
import type { LiveSocket } from './socket.ts';
import type { Topics } from './topics.ts';

export interface HubDeps {
  readonly topics: Topics;
  readonly live: Live;
  readonly ledger: Pick<LedgerReads, 'walletsOf'>;
  readonly snapshot: (userId: string) => Promise<{ readonly seq: bigint; readonly data: object }>;
  readonly metrics: LiveMetrics;
  readonly logger: Logger;
}

export interface Hub {
  /** Reads for these topics what their sockets lack. Calls are gathered: one turn serves all that came meanwhile. */
  wake(topics: Iterable<string>): void;
  /** Places a socket after a fact, when all that follows is still kept, else at a new snapshot. */
  place(socket: LiveSocket, afterSeq?: bigint): void;
  /** No more is sent; resolves when nothing is being read. */
  stop(): Promise<void>;
}

/** Facts of one topic per turn; a socket that lacks more is served again in the next. */
const pageSize = 100;
const topicsPerQuery = 500;
const placesAtOnce = 2;
const retryMs = 500;

/**
 * Takes facts from the database to the sockets that lack them. The database is the only buffer: a socket remembers the
 * number of the last fact that it was sent, and one that is full is not read for. Turns run one after another, so that
 * balances never go back in time.
 */
export function createHub(deps: HubDeps): Hub {
  const { topics, logger } = deps;
  const awake = new Set<string>();
  const places = createTurns({ atOnceMax: placesAtOnce });
  const placing = new Set<Promise<void>>();
  let running: Promise<void> | undefined;
  const stopping = new AbortController();

  async function run(): Promise<void> {
    while (awake.size > 0 && !stopping.signal.aborted) {
      const taken = [...awake].slice(0, topicsPerQuery);
      for (const topic of taken) awake.delete(topic);
      try {
        await turn(taken);
      } catch (error) {
        for (const topic of taken) awake.add(topic);
        logger.warn({ err: error }, 'live updates cannot be read now; trying again');
        await pause(retryMs, stopping.signal);
      }
    }
  }

  async function turn(taken: readonly string[]): Promise<void> {
    const ready = new Map(taken.map((topic) => [topic, readySockets(topics.of(topic))]));
    const cursors = [...ready].flatMap(([topic, sockets]) => cursorOf(topic, sockets));
    if (cursors.length === 0) return;
    const facts = await deps.live.factsAfter(cursors, pageSize);
    const messages = await messagesOf(deps.ledger, facts);
    for (const [topic, of] of Map.groupBy(messages, (message) => message.topic)) {
      if (of.length === pageSize) awake.add(topic);
      for (const { socket, readFor } of ready.get(topic) ?? []) if (socket.place === readFor) deliver(socket, of);
    }
  }

  function deliver(socket: LiveSocket, messages: readonly Outgoing[]): void {
    for (const { seq, text, ageSeconds } of messages) {
      if (socket.seq === undefined || !socket.isOpen()) return;
      if (seq <= socket.seq) continue;
      // What came between is no longer kept.
      if (seq !== socket.seq + 1n) return place(socket);
      if (socket.isFull()) {
        socket.blockedSinceMs ??= performance.now();
        return;
      }
      socket.send(text);
      socket.seq = seq;
      deps.metrics.messages.inc({ type: 'event' });
      deps.metrics.delay.observe(ageSeconds);
    }
  }

  function place(socket: LiveSocket, afterSeq?: bigint): void {
    socket.seq = undefined;
    socket.place += 1;
    const { place: wanted } = socket;
    const isWanted = (): boolean => socket.place === wanted && socket.isOpen() && !stopping.signal.aborted;
    const work = places.run(async () => {
      while (isWanted()) {
        try {
          return await findPlace(socket, afterSeq, isWanted);
        } catch (error) {
          logger.warn({ err: error }, 'a live socket cannot be served now; trying again');
          await pause(retryMs, stopping.signal);
        }
      }
    });
    const done = work.finally(() => placing.delete(done));
    placing.add(done);
  }

  async function findPlace(socket: LiveSocket, afterSeq: bigint | undefined, isWanted: () => boolean): Promise<void> {
    const { topic, userId } = socket;
    const resumes = afterSeq !== undefined && (await deps.live.isKept({ topic, seq: afterSeq }, limits.liveResumeMax));
    const snapshot = resumes ? undefined : await deps.snapshot(userId);
    if (!isWanted()) return;
    if (snapshot !== undefined) {
      socket.send(encode({ seq: Number(snapshot.seq), type: 'snapshot', data: { ...snapshot.data } }));
      deps.metrics.messages.inc({ type: 'snapshot' });
    }
    socket.seq = snapshot?.seq ?? afterSeq;
    wake([topic]);
  }

  function wake(woken: Iterable<string>): void {
    for (const topic of woken) awake.add(topic);
    if (awake.size === 0 || stopping.signal.aborted) return;
    running ??= run().finally(() => {
      running = undefined;
      wake([]);
    });
  }

  return {
    wake,
    place,
    async stop() {
      stopping.abort();
      await Promise.all([running, ...placing]);
    },
  };
}

interface ReadySocket {
  readonly socket: LiveSocket;
  /** Its place when it was read for. */
  readonly readFor: number;
}

function readySockets(sockets: ReadonlySet<LiveSocket>): ReadySocket[] {
  return [...sockets]
    .filter((socket) => socket.seq !== undefined && socket.blockedSinceMs === undefined)
    .map((socket) => ({ socket, readFor: socket.place }));
}

/** Where to read from for all sockets of a topic: after what the farthest behind has. */
function cursorOf(topic: string, sockets: readonly ReadySocket[]): LiveCursor[] {
  const seqs = sockets.flatMap(({ socket }) => socket.seq ?? []);
  const [first] = seqs;
  if (first === undefined) return [];
  return [{ topic, seq: seqs.reduce((least, seq) => (seq < least ? seq : least), first) }];
}

interface Outgoing {
  readonly topic: string;
  readonly seq: bigint;
  readonly text: string;
  readonly ageSeconds: number;
}

/** The texts of facts. Balances are the ledger's own, read after the facts and for all of them at once. */
async function messagesOf(ledger: HubDeps['ledger'], facts: readonly LiveFact[]): Promise<Outgoing[]> {
  const owners = new Set(facts.filter(({ kind }) => movesMoney(kind)).map(({ topic }) => ownerOf(topic)));
  const balances = owners.size === 0 ? [] : await ledger.walletsOf([...owners]);
  const byOwner = Map.groupBy(balances, ({ owner }) => owner);
  return facts.map(({ topic, seq, kind, data, ageSeconds }) => {
    const present = { balances: (byOwner.get(ownerOf(topic)) ?? []).map(showBalance) };
    const message = { seq: Number(seq), type: kind, data: movesMoney(kind) ? { ...data, ...present } : data };
    return { topic, seq, text: encode(message), ageSeconds };
  });
}

function ownerOf(topic: string): string {
  return topic.slice('user:'.length);
}

function encode(message: LiveMessage): string {
  return JSON.stringify(message);
}
