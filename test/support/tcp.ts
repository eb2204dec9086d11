import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';

export interface RawServer {
  readonly url: string;
  readonly port: number;
  /** What each connection has received so far, in the order of their coming. */
  readonly received: string[];
  close(): Promise<void>;
}

/** A server that speaks bytes and not HTTP: it can do to a client what no HTTP server would. */
export async function openRawServer(onSocket: (socket: Socket, index: number) => void): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const received: string[] = [];
  const server: Server = createServer((socket) => {
    const index = received.push('') - 1;
    sockets.add(socket);
    socket.on('data', (data) => (received[index] += data.toString()));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    onSocket(socket, index);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
