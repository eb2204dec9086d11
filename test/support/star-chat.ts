import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { money } from '../../core/money.ts';
import { createLedger } from '../../ledger/ledger.ts';
import { type BotScreens, openBotScreens } from './bot-screens.ts';
import type { Conversation } from './conversation.ts';
import { createStarCounter, type StarCounter } from './star-counter.ts';

/** People who buy Stars in the chat. */
export interface StarChat extends BotScreens {
  readonly starShop: StarCounter;
  /** Gives TON to a person who has met the bot, in nanotons. */
  give(person: Conversation, nano: bigint): Promise<void>;
  /** What a person can spend and what is held, in nanotons. */
  funds(person: Conversation): Promise<{ available: bigint; held: bigint }>;
  /** The newest purchase of a person. */
  purchase(person: Conversation): Promise<{ id: string; status: string }>;
  /** Answers our id of the person. */
  makeOperator(person: Conversation, role: string): Promise<string>;
}

/** Starts the bot with somebody who delivers Stars. */
export async function openStarChat(): Promise<StarChat> {
  const starShop = createStarCounter();
  const screens = await openBotScreens({ starShop });
  const { owner, pool } = screens.stack;
  const ledger = createLedger(pool);

  async function one<T>(text: string, value: unknown): Promise<T> {
    const { rows } = await owner.query(text, [value]);
    assert.ok(rows[0] !== undefined, `no row: ${text}`);
    return rows[0] as T;
  }
  const idOf = async ({ telegramId }: Conversation): Promise<string> =>
    (await one<{ id: string }>('SELECT id FROM app.users WHERE telegram_id = $1', telegramId)).id;

  return {
    ...screens,
    starShop,
    async give(person, nano) {
      const given = await ledger.credit({
        key: `gift/${randomUUID()}`,
        owner: await idOf(person),
        amount: money(nano, 'TON'),
        bucket: 'promo',
        source: 'issued:TON',
        cause: { workflowId: 'test/gift', step: 'gift', actor: 'system' },
      });
      assert.equal(given.outcome, 'credited');
    },
    async funds(person) {
      const { rows } = await owner.query<{ available: string; held: string }>(
        `SELECT available_minor AS available, held_minor AS held FROM ledger.wallet_balance
         WHERE owner_id = $1 AND asset = 'TON'`,
        [await idOf(person)],
      );
      return { available: BigInt(rows[0]?.available ?? 0), held: BigInt(rows[0]?.held ?? 0) };
    },
    async purchase(person) {
      const text = 'SELECT id, status FROM app.star_purchase WHERE user_id = $1 ORDER BY created_at DESC LIMIT 1';
      return one(text, await idOf(person));
    },
    async makeOperator(person, role) {
      await owner.query('UPDATE app.users SET roles = ARRAY[$2] WHERE telegram_id = $1', [person.telegramId, role]);
      return idOf(person);
    },
  };
}
