import { signal } from '@preact/signals';
import type { Session } from '../api/session.ts';
import type { Balance, Generation, StarPurchase, Topup } from '../api/types.ts';

/** One fact of the person's topic, by "Live updates" (docs/reference/realtime.md). */
export interface LiveMessage {
  readonly seq: number;
  readonly type: string;
  readonly data: {
    readonly balances?: readonly Balance[];
    readonly generationId?: string;
    readonly topupId?: string;
    readonly purchaseId?: string;
    readonly status?: string;
    readonly progress?: number;
    readonly generations?: readonly Generation[];
    readonly topups?: readonly Topup[];
    readonly starPurchases?: readonly StarPurchase[];
  };
}

/** `connecting` until the first time; `stale` when it has lasted long enough to say so. */
export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'stale';

export const liveState = signal<LiveState>('connecting');

const staleAfterMs = 8_000;
const pauseMaxMs = 20_000;
/** Closed for good: the person is banned, or we speak another protocol. */
const finalCodes = new Set([1008, 1009, 4403]);

/** Keeps one socket open and hands on every fact once, in order. Connects again with growing, jittered pauses. */
export function startLive(session: Session, onMessage: (message: LiveMessage) => void): void {
  let lastSeq: number | undefined;
  let failures = 0;
  let lostAt = Date.now();
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function connect(): Promise<void> {
    const token = await session.token();
    if (!token.ok) return again(0);
    const address = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`;
    const socket = new WebSocket(address, ['holdfast.v1', `token.${token.value}`]);
    socket.addEventListener('open', () => {
      if (lastSeq !== undefined) socket.send(JSON.stringify({ type: 'resume', seq: lastSeq }));
    });
    socket.addEventListener('message', ({ data }) => {
      failures = 0;
      liveState.value = 'live';
      const message = JSON.parse(String(data)) as LiveMessage;
      if (message.type !== 'snapshot' && lastSeq !== undefined && message.seq <= lastSeq) return;
      lastSeq = message.seq;
      onMessage(message);
    });
    // A line that is resumed with nothing missed is silent: it counts as live when it has stayed open for a moment.
    const settled = setTimeout(() => {
      if (socket.readyState === WebSocket.OPEN) liveState.value = 'live';
    }, 400);
    socket.addEventListener('close', ({ code }) => {
      clearTimeout(settled);
      if (code === 4401) session.forget(token.value);
      if (liveState.value === 'live') lostAt = Date.now();
      again(code);
    });
  }

  function again(code: number): void {
    failures += 1;
    if (liveState.value === 'live') liveState.value = 'reconnecting';
    if (finalCodes.has(code)) {
      liveState.value = 'stale';
      return;
    }
    if (Date.now() - lostAt > staleAfterMs) liveState.value = 'stale';
    const pause = Math.min(pauseMaxMs, 500 * 2 ** Math.min(failures, 6)) * (0.5 + Math.random() / 2);
    timer = setTimeout(() => void connect(), pause);
  }

  // Back from sleep or a tunnel: at once.
  const hurry = (): void => {
    if (liveState.value === 'live' || timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    void connect();
  };
  addEventListener('online', hurry);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') hurry();
  });
  void connect();
}
