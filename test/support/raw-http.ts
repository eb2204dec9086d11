import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawConnection {
  readonly socket: Socket;
  /** Everything the server has said so far. */
  readonly received: () => string;
  send(text: string): void;
  /** The whole conversation, once the server has closed it. */
  closed(): Promise<string>;
}

/** A client that speaks bytes and not HTTP: it can do to a server what no HTTP client would. */
export async function connectRaw(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  let received = '';
  socket.on('data', (data) => (received += data.toString()));
  socket.on('error', () => socket.destroy());
  await once(socket, 'connect');
  return {
    socket,
    received: () => received,
    send: (text) => socket.write(text),
    async closed() {
      if (!socket.closed) await once(socket, 'close');
      return received;
    },
  };
}

/** The status of the first answer in a conversation. */
export function statusOf(conversation: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(conversation)?.[1] ?? 0);
}
