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

/** What the receiver of a notification answered. */
export interface NotificationAnswer {
  readonly status: number;
  readonly reason: string;
  /** The text of `Retry-After`, if it was sent. */
  readonly retryAfter: string | undefined;
  /** At most 1 MB of it. */
  readonly body: string;
}

export interface Notifier {
  /**
   * Posts a notification as the fault rules want it, and answers the status that the provider believes to have got;
   * undefined when it believes that nobody answered.
   */
  send(notification: Notification): Promise<number | undefined>;
  /** The like, with all of the answer, for a provider that reads it. */
  exchange(notification: Notification): Promise<NotificationAnswer | undefined>;
  /** Gives up what is on its way. */
  close(): void;
}

/** A reordered notification waits for the next one, but no longer than this. */
const reorderWaitMs = 2_000;
const answerBytesMax = 1024 * 1024;

/** The outgoing side of a simulator: webhooks and callbacks, with duplicates, losses and disorder on demand. */
export function createNotifier(faults: Faults): Notifier {
  const aborter = new AbortController();
  let waiting: (() => void)[] = [];

  type Answered = Promise<NotificationAnswer | undefined>;
  async function deliver(notification: Notification, slowBytesPerSecond?: number): Answered {
    const answer = await post(notification, { signal: aborter.signal, slowBytesPerSecond });
    const overtaken = waiting;
    waiting = [];
    for (const release of overtaken) release();
    return answer;
  }

  const overtaken = () =>
    Promise.race([
      new Promise<void>((resolve) => waiting.push(resolve)),
      sleep(reorderWaitMs, undefined, { ref: false, signal: aborter.signal }),
    ]);

  async function strike(notification: Notification, fault: Fault): Answered {
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
        return { status: fault.status, reason: '', retryAfter: fault.headers?.['retry-after'], body: '' };
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

  async function exchange(notification: Notification): Answered {
    const { pathname } = new URL(notification.url);
    const fault = faults.take({ on: 'notification', method: 'POST', path: pathname });
    try {
      return await (fault ? strike(notification, fault) : deliver(notification));
    } catch (error) {
      if (aborter.signal.aborted) return undefined;
      throw error;
    }
  }

  return {
    send: async (notification) => (await exchange(notification))?.status,
    exchange,
    close: () => aborter.abort(),
  };
}

interface PostOptions {
  readonly signal: AbortSignal;
  readonly slowBytesPerSecond: number | undefined;
}

/** One POST; undefined when it was not answered in time or at all. */
async function post(notification: Notification, options: PostOptions): Promise<NotificationAnswer | undefined> {
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
  const answered = new Promise<NotificationAnswer | undefined>((resolve) => {
    let responded = false;
    request.once('response', (response) => {
      responded = true;
      readAnswer(response).then(resolve, () => resolve(undefined));
    });
    request.on('error', () => resolve(undefined));
    request.once('close', () => (responded ? undefined : resolve(undefined)));
  });
  await write(request, body, options.slowBytesPerSecond);
  return answered;
}

async function readAnswer(response: http.IncomingMessage): Promise<NotificationAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= answerBytesMax) chunks.push(chunk);
  }
  return {
    status: response.statusCode ?? 0,
    reason: response.statusMessage ?? '',
    retryAfter: response.headers['retry-after'],
    body: Buffer.concat(chunks).toString('utf8'),
  };
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
