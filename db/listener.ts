import pg from 'pg';
import type { Logger } from '../platform/logger.ts';
import { pause } from '../platform/pause.ts';

export interface ListenerOptions {
  readonly url: string;
  readonly channel: string;
  readonly applicationName: string;
  readonly logger: Logger;
  readonly heard: (payload: string) => void;
  /** Called whenever the ear is open again; what was said meanwhile is lost. */
  readonly opened?: () => void;
  /** Called whenever the ear is closed, also when it could not be opened. */
  readonly closed?: () => void;
}

export interface Listener {
  stop(): Promise<void>;
}

const reopenMsMin = 200;
const reopenMsMax = 5_000;

/** Listens on one channel with a connection of its own, which is opened again whenever it breaks. */
export function startListener(options: ListenerOptions): Listener {
  const { url, channel, logger } = options;
  const stopping = new AbortController();
  const running = run();

  async function run(): Promise<void> {
    let pauseMs = reopenMsMin;
    while (!stopping.signal.aborted) {
      try {
        await listenOnce(() => (pauseMs = reopenMsMin));
      } catch (error) {
        if (!stopping.signal.aborted) logger.warn({ err: error, channel }, 'the listening connection is lost');
      }
      await pause(pauseMs, stopping.signal);
      pauseMs = Math.min(pauseMs * 2, reopenMsMax);
    }
  }

  async function listenOnce(isOpen: () => void): Promise<void> {
    const client = new pg.Client({
      connectionString: url,
      application_name: options.applicationName,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    const closed = new Promise<void>((resolve, reject) => {
      client.on('error', reject);
      client.on('end', resolve);
      stopping.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    client.on('notification', ({ payload = '' }) => options.heard(payload));
    try {
      await client.connect();
      await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
      isOpen();
      options.opened?.();
      await closed;
    } finally {
      options.closed?.();
      closed.catch(() => undefined);
      await client.end();
    }
  }

  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
