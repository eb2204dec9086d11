import pg from 'pg';

/** The channel on which the dispatcher tells API processes that there is something to read. */
export const liveChannel = 'holdfast_live';

/** What a NOTIFY says: the newest number of each topic that moved, or that all have to be looked at. */
export type LiveNews = { readonly kind: 'topics'; readonly topics: ReadonlyMap<string, bigint> } | { kind: 'all' };

/** NOTIFY carries less than 8,000 bytes. */
const payloadBytesMax = 7_900;
const everything = '*';
const leaderLock = 7_305_808_868_114_003n;
const connectTimeoutMs = 5_000;
const statementTimeoutMs = 5_000;

export interface LiveFeed {
  /** Whether this process is the one that tells: one at a time in all processes. */
  lead(): Promise<boolean>;
  /**
   * Tells what has become visible since the last call, in one NOTIFY, and resolves with how many topics that are. What
   * is new is what was not visible in the last call's snapshot, so nothing has to be marked, and a transaction that
   * commits late is found like any other.
   */
  tell(): Promise<number>;
  /** Tells that somebody is there to tell. */
  beat(): Promise<void>;
  readonly lost: Promise<Error>;
  close(): Promise<void>;
}

/** Opens the dispatcher's own connection. Its first `tell` lets everybody look by themselves. */
export async function openLiveFeed(url: string): Promise<LiveFeed> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'holdfast-dispatcher',
    keepAlive: true,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: statementTimeoutMs,
  });
  const lost = new Promise<Error>((resolve) => client.on('error', resolve));
  await client.connect();
  let isLeader = false;
  let seen: string | undefined;

  async function notify(payload: string): Promise<void> {
    await client.query({ name: 'live_notify', text: 'SELECT pg_notify($1, $2)', values: [liveChannel, payload] });
  }

  return {
    lost,
    async lead() {
      if (isLeader) return true;
      const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
        leaderLock,
      ]);
      isLeader = rows[0]?.locked === true;
      return isLeader;
    },
    async tell() {
      const turn = await readNews(client, seen);
      if (seen === undefined) await notify(everything);
      else if (turn.topics.length > 0) await notify(payloadOf(turn.topics));
      // Only now: news that could not be told are news again.
      seen = turn.snapshot;
      return turn.topics.length;
    },
    beat: () => notify(''),
    close: () => client.end(),
  };
}

type TopicNews = readonly [topic: string, seq: string];

async function readNews(
  client: pg.Client,
  seen: string | undefined,
): Promise<{ snapshot: string; topics: TopicNews[] }> {
  const { rows } = await client.query<{ snapshot: string; topics: TopicNews[] }>({
    name: 'live_news',
    text: `
      SELECT pg_current_snapshot()::text AS snapshot, coalesce((
        SELECT json_agg(json_build_array(topic, last_seq::text)) FROM (
          SELECT topic, max(seq) AS last_seq FROM app.outbox
          WHERE xid >= pg_snapshot_xmax($1::pg_snapshot)
             OR xid = ANY (ARRAY(SELECT pg_snapshot_xip($1::pg_snapshot)))
          GROUP BY topic) fresh), '[]') AS topics`,
    values: [seen ?? null],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('the database answered no snapshot');
  return row;
}

function payloadOf(topics: readonly TopicNews[]): string {
  const payload = topics.map(([topic, seq]) => `${topic} ${seq}`).join(',');
  return Buffer.byteLength(payload) > payloadBytesMax ? everything : payload;
}

/** Reads what `LiveFeed.tell` and `beat` send. Anything that is not understood is worth a look at everything. */
export function readLiveNews(payload: string): LiveNews {
  if (payload === everything) return { kind: 'all' };
  const topics = new Map<string, bigint>();
  for (const part of payload === '' ? [] : payload.split(',')) {
    const match = /^(\S+) (\d{1,18})$/.exec(part);
    if (match?.[1] === undefined || match[2] === undefined) return { kind: 'all' };
    topics.set(match[1], BigInt(match[2]));
  }
  return { kind: 'topics', topics };
}
