import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, type Faults, slowTickMs, slowly } from './faults.ts';

export interface Notification {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
}

export interface Notifier {
  /**
   * Posts a notification as the fault rules want it, and answers the status that the provider believes to have got;
   * undefined when it believes that nobody answered.
   */
  send(notification: Notification): Promise<number | undefined>;
  /** Gives up what is on its way. */
  close(): void;
}

/** A reordered notification waits for the next one, but no longer than this. */
const reorderWaitMs = 2_000;

/** The outgoing side of a simulator: webhooks and callbacks, with duplicates, losses and disorder on demand. */
export function createNotifier(faults: Faults): Notifier {
  const aborter = new AbortController();
  let waiting: (() => void)[] = [];

  async function deliver(notification: Notification, slowBytesPerSecond?: number): Promise<number | undefined> {
    const status = await post(notification, { signal: aborter.signal, slowBytesPerSecond });
    const overtaken = waiting;
    waiting = [];
    for (const release of overtaken) release();
    return status;
  }

  const overtaken = () =>
    Promise.race([
      new Promise<void>((resolve) => waiting.push(resolve)),
      sleep(reorderWaitMs, undefined, { ref: false, signal: aborter.signal }),
    ]);

  async function strike(notification: Notification, fault: Fault): Promise<number | undefined> {
    switch (fault.kind) {
      case 'delay':
        await sleep(fault.ms, undefined, { ref: false, signal: aborter.signal });
        return deliver(notification);
      case 'drop-before':
        return undefined;
      case 'drop-after':
        await deliver(notification);
        return undefined;
      case 'status':
        await deliver(notification);
        return fault.status;
      case 'garbage':
        return deliver({ ...notification, body: '{"type": "notification", ' });
      case 'slow-body':
        return deliver(notification, fault.bytesPerSecond);
      case 'duplicate': {
        const copies = Array.from({ length: fault.copies }, () => deliver(notification));
        return (await Promise.all([deliver(notification), ...copies]))[0];
      }
      case 'reorder':
        await overtaken();
        return deliver(notification);
    }
  }

  return {
    async send(notification) {
      const { pathname } = new URL(notification.url);
      const fault = faults.take({ on: 'notification', method: 'POST', path: pathname });
      try {
        return await (fault ? strike(notification, fault) : deliver(notification));
      } catch (error) {
        if (aborter.signal.aborted) return undefined;
        throw error;
      }
    },
    close: () => aborter.abort(),
  };
}

interface PostOptions {
  readonly signal: AbortSignal;
  readonly slowBytesPerSecond: number | undefined;
}

/** One POST; undefined when it was not answered in time or at all. */
async function post(notification: Notification, options: PostOptions): Promise<number | undefined> {
  const url = new URL(notification.url);
  const body = Buffer.from(notification.body);
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(notification.timeoutMs)]);
  const send = url.protocol === 'https:' ? https.request : http.request;
  const request = send(url, {
    method: 'POST',
    headers: { ...notification.headers, 'content-length': String(body.byteLength) },
    agent: false,
    signal,
    // Providers take any certificate of a webhook's receiver, self-signed ones too.
    ...(url.protocol === 'https:' ? { rejectUnauthorized: false } : {}),
  });
  const answered = new Promise<number | undefined>((resolve) => {
    request.once('response', (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('error', () => resolve(undefined));
    request.once('close', () => resolve(undefined));
  });
  await write(request, body, options.slowBytesPerSecond);
  return answered;
}

async function write(request: http.ClientRequest, body: Buffer, bytesPerSecond?: number): Promise<void> {
  if (bytesPerSecond !== undefined) {
    for (const part of slowly(body, bytesPerSecond)) {
      if (request.destroyed) return;
      request.write(part);
      await sleep(slowTickMs, undefined, { ref: false });
    }
    request.end();
    return;
  }
  request.end(body);
}
