import { once } from 'node:events';
import { type ClientOptions, WebSocket } from 'ws';
import { liveProtocol, type LiveMessage, type LiveResume, liveTokenPrefix } from '../../core/live.ts';
import { eventually } from './eventually.ts';

export interface LiveClient {
  readonly socket: WebSocket;
  /** Everything that was received, in order. */
  readonly messages: readonly LiveMessage[];
  readonly snapshots: () => LiveMessage[];
  readonly events: () => LiveMessage[];
  /** The close code, once the socket is closed. */
  closed(): Promise<number>;
  /** Resolves when a message is there that fits. */
  received(fits: (message: LiveMessage) => boolean): Promise<LiveMessage>;
  resume(seq?: number | bigint): void;
  close(): Promise<void>;
}

export interface LiveClientOptions extends ClientOptions {
  /** Sent as the very first message. */
  readonly resume?: number;
}

/** Opens a socket as a page of our own would; resolves when it is open. */
export async function openLive(url: string, token?: string, options: LiveClientOptions = {}): Promise<LiveClient> {
  const client = watchLive(url, token, options);
  await once(client.socket, 'open');
  if (options.resume !== undefined) client.resume(options.resume);
  return client;
}

/** A socket that may never open. */
export function watchLive(url: string, token?: string, options: ClientOptions = {}): LiveClient {
  const offered = [liveProtocol, ...(token === undefined ? [] : [`${liveTokenPrefix}${token}`])];
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, offered, { perMessageDeflate: false, ...options });
  const messages: LiveMessage[] = [];
  let code: number | undefined;
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as LiveMessage));
  socket.on('error', () => undefined);
  socket.on('close', (given) => (code = given));
  return {
    socket,
    messages,
    snapshots: () => messages.filter(({ type }) => type === 'snapshot'),
    events: () => messages.filter(({ type }) => type !== 'snapshot'),
    async closed() {
      await eventually(() => code !== undefined);
      return code ?? 0;
    },
    async received(fits) {
      await eventually(() => messages.some(fits));
      return messages.find(fits) as LiveMessage;
    },
    resume(seq) {
      const message: LiveResume = { type: 'resume', ...(seq === undefined ? {} : { seq: Number(seq) }) };
      socket.send(JSON.stringify(message));
    },
    async close() {
      if (socket.readyState === WebSocket.CLOSED) return;
      socket.close();
      await eventually(() => code !== undefined);
    },
  };
}
