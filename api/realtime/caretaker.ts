import type { Logins } from '../../db/logins.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Hub } from './hub.ts';
import type { LiveSocket } from './socket.ts';
import type { Topics } from './topics.ts';

/** Periods of the care of open sockets. */
export interface CarePeriods {
  readonly tickMs: number;
  /** A peer that has not answered the ping before is cut off. */
  readonly pingMs: number;
  /** How soon a ban or a closed login ends a socket. */
  readonly recheckMs: number;
  /** How long a reader may leave what it was sent. */
  readonly slowMs: number;
}

export interface CaretakerDeps {
  readonly topics: Topics;
  readonly hub: Pick<Hub, 'wake'>;
  readonly logins: Pick<Logins, 'closed'>;
  readonly logger: Logger;
  readonly now: () => Date;
  readonly periods: CarePeriods;
  readonly end: (socket: LiveSocket, reason: 'unauthorized' | 'banned' | 'tooSlow') => void;
}

export interface Caretaker {
  stop(): Promise<void>;
}

/** Ends sockets whose time is over, whose person may not have them any more, or whose reader does not read. */
export function startCaretaker(deps: CaretakerDeps): Caretaker {
  const { topics, periods } = deps;
  const pingAt = new WeakMap<LiveSocket, number>();
  let recheckAt = performance.now() + periods.recheckMs;
  let rechecking: Promise<void> | undefined;

  function tick(): void {
    const [nowMs, today] = [performance.now(), deps.now().getTime()];
    for (const socket of topics.sockets()) {
      if (socket.expiresAtMs <= today) deps.end(socket, 'unauthorized');
      else if (isTooSlow(socket, nowMs)) deps.end(socket, 'tooSlow');
      else pingIfDue(socket, nowMs);
    }
    if (nowMs < recheckAt || rechecking !== undefined) return;
    recheckAt = nowMs + periods.recheckMs;
    rechecking = recheck().finally(() => (rechecking = undefined));
  }

  function isTooSlow(socket: LiveSocket, nowMs: number): boolean {
    if (socket.blockedSinceMs === undefined) return false;
    if (socket.isFull()) return nowMs - socket.blockedSinceMs >= periods.slowMs;
    socket.blockedSinceMs = undefined;
    deps.hub.wake([socket.topic]);
    return false;
  }

  function pingIfDue(socket: LiveSocket, nowMs: number): void {
    const due = pingAt.get(socket) ?? socket.openedAtMs + periods.pingMs;
    if (nowMs >= due) socket.ping();
    pingAt.set(socket, nowMs >= due ? nowMs + periods.pingMs : due);
  }

  /** One query for all who are connected. */
  async function recheck(): Promise<void> {
    const byLogin = Map.groupBy(topics.sockets(), ({ loginId }) => loginId);
    if (byLogin.size === 0) return;
    try {
      for (const { loginId, banned } of await deps.logins.closed([...byLogin.keys()])) {
        for (const socket of byLogin.get(loginId) ?? []) deps.end(socket, banned ? 'banned' : 'unauthorized');
      }
    } catch (error) {
      deps.logger.warn({ err: error }, 'the logins of live sockets cannot be checked now; trying again');
    }
  }

  const timer = setInterval(tick, periods.tickMs);
  return {
    async stop() {
      clearInterval(timer);
      await rechecking;
    },
  };
}
