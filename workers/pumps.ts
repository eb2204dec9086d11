import type { Gateway } from '../gateway/gateway.ts';
import type { InboxDelivery } from '../gateway/inbox-delivery.ts';
import type { Logger } from '../platform/logger.ts';
import { pause } from '../platform/pause.ts';

export interface Pumps {
  stop(): Promise<void>;
}

export interface PumpsDeps {
  readonly delivery: InboxDelivery;
  readonly gateway: Gateway;
  readonly logger: Logger;
  /** Whether anybody is called here whose session must be kept. */
  readonly keepsSessions: boolean;
}

/** How long an order may stand without a saga before the pump starts one. */
const forgottenAfterMs = 10_000;

/** How long a payment may wait before its wallet's saga is woken: the purchase's own word comes at once as a rule. */
const walletWaitsMs = 3_000;

/** Nothing may have happened to a purchase for so long before it is looked whether its saga is there. */
const lostAfterMs = 60_000;

/** The loops that finish what a crash left between two lines: facts that were stored and orders that were accepted. */
export function startPumps(deps: PumpsDeps): Pumps {
  const stopping = new AbortController();
  const loops = [
    loop({ name: 'inbox', everyMs: 1_000, turn: () => deps.delivery.pump() }),
    loop({ name: 'wallets', everyMs: 2_000, turn: () => deps.gateway.wakeWallets(walletWaitsMs) }),
    loop({ name: 'lost purchases', everyMs: 60_000, turn: () => deps.gateway.startLostStarPurchases(lostAfterMs) }),
    ...(deps.keepsSessions
      ? [loop({ name: 'sessions', everyMs: 1_000, turn: () => deps.gateway.wakeSessionKeepers() })]
      : []),
    loop({ name: 'accepted orders', everyMs: 2_000, turn: () => deps.gateway.startForgotten(forgottenAfterMs) }),
  ];

  async function loop(pump: { name: string; everyMs: number; turn: () => Promise<number> }): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await pump.turn();
      } catch (error) {
        deps.logger.warn({ err: error, pump: pump.name }, 'a pump failed and will try again');
      }
      await pause(pump.everyMs, stopping.signal);
    }
  }

  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}
