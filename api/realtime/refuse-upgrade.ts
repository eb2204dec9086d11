import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Answers a request that wanted a socket with a plain status, and closes the connection. */
export function refuseUpgrade(socket: Duplex, refusal: { status: number; retryAfterSeconds?: number }): void {
  const { status, retryAfterSeconds } = refusal;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Length: 0',
    ...(retryAfterSeconds === undefined ? [] : [`Retry-After: ${retryAfterSeconds}`]),
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n`, () => socket.destroy());
}
