import { setTimeout as sleep } from 'node:timers/promises';
import { type BotUpdates, createBotUpdates } from '../../db/bot-updates.ts';
import type { DatabasePool } from '../../db/pool.ts';
import { createTelegramPayments } from '../../db/telegram-payments.ts';
import { createPreCheckout } from '../../gateway/pre-checkout.ts';
import { createTelegramIntake, type TelegramIntake } from '../../gateway/telegram-intake.ts';
import type { Failpoint } from '../../platform/failpoints.ts';
import type { Logger } from '../../platform/logger.ts';

export interface TelegramDoor {
  readonly intake: TelegramIntake;
  /** Wakes the bot's processes; never throws. */
  readonly wake: (streamKey: string) => void;
  /** Resolves when nobody is being woken. */
  settled(): Promise<void>;
}

export interface TelegramDoorDeps {
  readonly pool: DatabasePool;
  readonly logger: Logger;
  readonly failpoint: Failpoint;
}

/** How updates come into the database from the webhook, over the pool that people's requests cannot exhaust (L8). */
export function createTelegramDoor({ pool, logger, failpoint }: TelegramDoorDeps): TelegramDoor {
  const updates = createBotUpdates(pool);
  const waker = createWaker(updates, logger);
  const store: BotUpdates['store'] = async (update) => {
    const stored = await updates.store(update);
    await failpoint('telegram.after-store');
    return stored;
  };
  const payments = createTelegramPayments(pool);
  const preCheckout = createPreCheckout({ payments, logger });
  return { ...waker, intake: createTelegramIntake({ botUpdates: { store }, preCheckout, payments, logger }) };
}

/** The least time between two wakings: what comes meanwhile is told by the next, so a crowd costs no more than this. */
const wakeEveryMs = 10;

/** The first is woken at once, and never two statements run at a time. */
function createWaker(updates: Pick<BotUpdates, 'wake'>, logger: Logger): Pick<TelegramDoor, 'wake' | 'settled'> {
  let waiting = new Set<string>();
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (waiting.size > 0) {
      const names = [...waiting];
      waiting = new Set();
      const rest = sleep(wakeEveryMs);
      try {
        await updates.wake(names);
      } catch (error) {
        logger.debug({ err: error }, 'the bot could not be woken; it looks by itself');
      }
      await rest;
    }
  }

  return {
    wake(streamKey) {
      waiting.add(streamKey);
      running ??= run().finally(() => (running = undefined));
    },
    settled: () => running ?? Promise.resolve(),
  };
}
