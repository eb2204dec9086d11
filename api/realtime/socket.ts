import { WebSocket } from 'ws';
import { limits } from '../../core/limits.ts';
import { liveCloseCodes } from '../../core/live.ts';

/** Whose socket it is, and until when. */
export interface Holder {
  readonly userId: string;
  readonly loginId: string;
  readonly expiresAtMs: number;
}

export type EndReason = keyof typeof liveCloseCodes;

/** A connection of one person to their own topic. */
export interface LiveSocket extends Holder {
  readonly topic: string;
  readonly openedAtMs: number;
  /** The number of the last fact that was sent; undefined until the first message, and while a place is looked for. */
  seq: bigint | undefined;
  /** Raised whenever the socket goes to another place: what was read for the one before is not for this one. */
  place: number;
  /** Since when the reader has been too slow to be sent anything. */
  blockedSinceMs: number | undefined;
  /** Whether the reader has still to take what was sent before anything else is. */
  isFull(): boolean;
  isOpen(): boolean;
  send(text: string): void;
  /** Says why and closes; a peer that does not answer is cut off. */
  end(reason: EndReason): void;
  /** Cuts off a peer that no longer answers, or asks it whether it is still there. */
  ping(): void;
}

/** How long a peer may take to agree to the end. */
const goodbyeMs = 2_000;

/** Reasons that a client may show to a developer; none says more than its code. */
const words: Readonly<Record<EndReason, string>> = {
  goingAway: 'the server stops',
  notUnderstood: 'not understood',
  tooBig: 'frame too big',
  unauthorized: 'token missing, bad or expired',
  banned: 'banned',
  tooSlow: 'too slow',
  tooMany: 'too many connections',
};

/** Says why on a socket that has no holder, or no more. */
export function endSocket(socket: WebSocket, reason: EndReason): void {
  socket.close(liveCloseCodes[reason], words[reason]);
  const timer = setTimeout(() => socket.terminate(), goodbyeMs);
  socket.once('close', () => clearTimeout(timer));
}

/** The person's side of a socket. */
export function createLiveSocket(socket: WebSocket, holder: Holder): LiveSocket {
  let isAlive = true;
  socket.on('pong', () => (isAlive = true));
  return {
    ...holder,
    topic: `user:${holder.userId}`,
    openedAtMs: performance.now(),
    seq: undefined,
    place: 0,
    blockedSinceMs: undefined,
    isFull: () => socket.bufferedAmount > limits.liveBufferBytesMax,
    isOpen: () => socket.readyState === WebSocket.OPEN,
    send: (text) => socket.send(text),
    end: (reason) => endSocket(socket, reason),
    ping() {
      if (!isAlive) return socket.terminate();
      isAlive = false;
      socket.ping();
    },
  };
}
