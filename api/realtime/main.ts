import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { limits } from '../../core/limits.ts';
import { liveProtocol } from '../../core/live.ts';
import { type Listener, startListener } from '../../db/listener.ts';
import { liveChannel, readLiveNews } from '../../db/live-feed.ts';
import { createLive } from '../../db/live.ts';
import { createLogins } from '../../db/logins.ts';
import type { DatabasePool } from '../../db/pool.ts';
import { createLedgerReads } from '../../ledger/reads.ts';
import type { Logger } from '../../platform/logger.ts';
import { createLiveMetrics } from '../../platform/telemetry/live-metrics.ts';
import type { Registry } from '../../platform/telemetry/registry.ts';
import { type CarePeriods, startCaretaker } from './caretaker.ts';
import { createFlood, readClientMessage } from './client-messages.ts';
import { createEntrance, type EntranceDeps, type Entry } from './entrance.ts';
import { createHub, type Hub } from './hub.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import { readSnapshot, type SnapshotDeps } from './snapshot.ts';
import { createLiveSocket, type EndReason, endSocket, type Holder, type LiveSocket } from './socket.ts';
import { createTopics } from './topics.ts';

export interface RealtimeOptions extends Omit<EntranceDeps, 'isFull' | 'logins'> {
  readonly databaseUrl: string;
  /** A pool of its own: live updates neither starve people's requests nor are starved by them. */
  readonly pool: DatabasePool;
  readonly registry: Registry;
  readonly logger: Logger;
  readonly now: () => Date;
  readonly showGeneration: SnapshotDeps['showGeneration'];
  readonly periods?: Partial<RealtimePeriods>;
}

export interface RealtimePeriods extends CarePeriods {
  /** How long the server waits for a `resume` before it sends a snapshot by itself. */
  readonly firstWordMs: number;
  /** After how much silence of the dispatcher this process looks by itself, and how often. */
  readonly silenceMs: number;
}

export interface Realtime {
  /** Whether a request that wants to be upgraded is for here; any other is served as if it did not. */
  isMine(request: IncomingMessage): boolean;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Tells everybody to come again elsewhere; resolves when all sockets are closed. */
  stop(): Promise<void>;
}

const usualPeriods: RealtimePeriods = {
  firstWordMs: 250,
  tickMs: 500,
  pingMs: 30_000,
  recheckMs: 15_000,
  slowMs: 10_000,
  silenceMs: 2_000,
};

/** The live updates of one API process: who may listen, what they are sent, and when it ends. */
export function createRealtime(options: RealtimeOptions): Realtime {
  const { pool, logger, databaseUrl } = options;
  const periods = { ...usualPeriods, ...options.periods };
  const topics = createTopics();
  const logins = createLogins(pool);
  const metrics = createLiveMetrics(options.registry, () => topics.count());
  const hub = createHub({
    topics,
    live: createLive(pool),
    ledger: createLedgerReads(pool),
    snapshot: (userId) => readSnapshot({ pool, showGeneration: options.showGeneration }, userId),
    metrics,
    logger,
  });
  let stopping = false;
  const enter = createEntrance({
    ...options,
    logins,
    isFull: () => stopping || topics.count() >= limits.liveSocketsMax,
  });
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: limits.liveFrameBytesMax,
    perMessageDeflate: false,
    clientTracking: false,
    handleProtocols: (offered) => (offered.has(liveProtocol) ? liveProtocol : false),
  });

  function end(socket: LiveSocket, reason: EndReason): void {
    if (!topics.of(socket.topic).has(socket)) return;
    topics.remove(socket);
    socket.seq = undefined;
    socket.end(reason);
    metrics.closed.inc({ reason });
    logger.info({ userId: socket.userId, reason }, 'live socket ended');
  }

  function welcome(raw: WebSocket, holder: Holder): void {
    const socket = createLiveSocket(raw, holder);
    if (stopping) return endSocket(raw, 'goingAway');
    if (topics.of(socket.topic).size >= limits.liveSocketsPerUserMax) {
      metrics.closed.inc({ reason: 'tooMany' });
      return endSocket(raw, 'tooMany');
    }
    topics.add(socket);
    const isFlood = createFlood();
    const firstWord = setTimeout(() => hub.place(socket), periods.firstWordMs);
    raw.on('message', (data, isBinary) => {
      const message = readClientMessage(data, isBinary);
      clearTimeout(firstWord);
      if (message.kind === 'nothing' || isFlood()) return end(socket, 'notUnderstood');
      hub.place(socket, message.afterSeq);
    });
    raw.once('close', () => {
      clearTimeout(firstWord);
      if (!topics.of(socket.topic).has(socket)) return;
      topics.remove(socket);
      metrics.closed.inc({ reason: 'left' });
    });
  }

  function complete(entry: Exclude<Entry, { outcome: 'refused' }>, raw: WebSocket): void {
    // Frames that break the protocol: ws closes by itself, with 1009 for one that is too big.
    raw.on('error', (error) => logger.debug({ err: error }, 'a live socket broke'));
    if (entry.outcome === 'admitted') return welcome(raw, entry.holder);
    metrics.closed.inc({ reason: entry.reason });
    endSocket(raw, entry.reason);
  }

  const ear = listen({ hub, topics, databaseUrl, logger, silenceMs: periods.silenceMs });
  const caretaker = startCaretaker({ topics, hub, logins, logger, now: options.now, periods, end });

  return {
    isMine: ({ url = '', headers }) => url.split('?', 1)[0] === '/ws' && headers.upgrade?.toLowerCase() === 'websocket',
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy());
      enter(request).then(
        (entry) => {
          if (entry.outcome === 'refused') return refuseUpgrade(socket, entry);
          server.handleUpgrade(request, socket, head, (raw) => complete(entry, raw));
        },
        (error: unknown) => {
          logger.warn({ err: error }, 'a live socket cannot be admitted now');
          refuseUpgrade(socket, { status: 503, retryAfterSeconds: 5 });
        },
      );
    },
    async stop() {
      stopping = true;
      for (const socket of topics.sockets()) end(socket, 'goingAway');
      await Promise.all([ear.stop(), caretaker.stop(), hub.stop()]);
    },
  };
}

interface EarOptions {
  readonly hub: Hub;
  readonly topics: { readonly names: () => readonly string[] };
  readonly databaseUrl: string;
  readonly logger: Logger;
  readonly silenceMs: number;
}

/** Hears the dispatcher; while there is none, or no connection to hear it on, looks at everything now and then. */
function listen({ hub, topics, databaseUrl, logger, silenceMs }: EarOptions): Listener {
  let heardAt = performance.now();
  const lookAtAll = (): void => hub.wake(topics.names());
  const listener = startListener({
    url: databaseUrl,
    channel: liveChannel,
    applicationName: 'holdfast-live',
    logger,
    heard(payload) {
      heardAt = performance.now();
      const news = readLiveNews(payload);
      if (news.kind === 'all') lookAtAll();
      else hub.wake(news.topics.keys());
    },
    opened: lookAtAll,
  });
  const timer = setInterval(() => {
    if (performance.now() - heardAt >= silenceMs) lookAtAll();
  }, silenceMs);
  return {
    async stop() {
      clearInterval(timer);
      await listener.stop();
    },
  };
}
