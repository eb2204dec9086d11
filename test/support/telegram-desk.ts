import assert from 'node:assert/strict';
import { createBotUpdates } from '../../db/bot-updates.ts';
import { createTelegramPayments } from '../../db/telegram-payments.ts';
import { createPreCheckout, type PreCheckout } from '../../gateway/pre-checkout.ts';
import { createTelegramIntake } from '../../gateway/telegram-intake.ts';
import { Secret } from '../../platform/secret.ts';
import type { FaultRule } from '../../providers/faults.ts';
import { createHttp } from '../../providers/http.ts';
import { createTelegramClient, type TelegramClient } from '../../providers/telegram/client.ts';
import { parseUpdate } from '../../providers/telegram/inbound.ts';
import { createTelegramSimulator } from '../../providers/telegram/simulator.ts';
import { botToken } from './api.ts';
import { eventually } from './eventually.ts';
import { silent } from './log.ts';
import type { Stack } from './stack.ts';
import type { Person } from './story.ts';

export type PayAnswer = { readonly status: 'paid' | 'cancelled' | 'failed' | 'pending'; readonly error?: string };

/** A Telegram in which people pay invoices, and a desk of ours that takes its updates in. */
export interface TelegramDesk {
  readonly url: string;
  readonly client: TelegramClient;
  /** Sits down: updates are taken in, and pre-checkout queries answered, as the bot's process does it. */
  open(stack: Stack, preCheckout?: PreCheckout): void;
  /** Gets up: updates stay at Telegram. */
  close(): Promise<void>;
  pay(person: Person, invoiceLink: string, options?: object): Promise<PayAnswer>;
  control(path: string, body?: object): Promise<unknown>;
  faults(...rules: (Omit<FaultRule, 'times' | 'on'> & { times?: number; on?: FaultRule['on'] })[]): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts a Telegram; the stack finds it by `TELEGRAM_API_URL`. */
export async function openTelegramDesk(options: { statePath?: string } = {}): Promise<TelegramDesk> {
  const simulator = createTelegramSimulator({ botToken, logger: silent, ...options });
  const { url } = await simulator.start();
  const http = createHttp({ provider: 'telegram', logger: silent, breaker: { failures: 1_000_000 } });
  const client = createTelegramClient({ apiUrl: url, botToken: new Secret(botToken), http });
  let work: { isOver: boolean; ended: Promise<void> } | undefined;

  async function control(path: string, body: object = {}): Promise<unknown> {
    const response = await fetch(`${url}/_sim${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    assert.ok(response.ok, `${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  async function close(): Promise<void> {
    if (work) work.isOver = true;
    await work?.ended;
    work = undefined;
  }

  return {
    url,
    client,
    open(stack, preCheckout) {
      const turn = { isOver: false };
      const payments = createTelegramPayments(stack.pool);
      const intake = createTelegramIntake({
        botUpdates: createBotUpdates(stack.pool),
        preCheckout: preCheckout ?? createPreCheckout({ payments, logger: silent }),
        payments,
        logger: silent,
      });
      work = Object.assign(turn, { ended: takeIn(client, intake, turn) });
    },
    close,
    async pay({ telegramId }, invoiceLink, how = {}) {
      await control('/people', { telegramId, firstName: 'Vera', language: 'ru' });
      return (await control(`/people/${telegramId}/pay`, { invoiceLink, ...how })) as PayAnswer;
    },
    control,
    faults: (...rules) => control('/faults', { rules: rules.map((rule) => ({ times: 1, on: 'request', ...rule })) }),
    async stop() {
      await close();
      http.close();
      await simulator.stop();
    },
  };
}

async function takeIn(
  client: TelegramClient,
  intake: ReturnType<typeof createTelegramIntake>,
  turn: { readonly isOver: boolean },
): Promise<void> {
  let offset = 0;
  while (!turn.isOver) {
    const allowed = ['message', 'pre_checkout_query'] as const;
    const polled = await client.call('getUpdates', { offset, timeout: 1, allowed_updates: allowed });
    if (polled.outcome !== 'done') continue;
    for (const raw of polled.value) {
      const update = parseUpdate(raw) ?? assert.fail('no update');
      const taken = await intake.take(update);
      if (taken.kind === 'answer') await client.call(taken.method, taken.payload);
      offset = raw.update_id + 1;
    }
  }
}

/** The link of a top-up in Stars that has just been placed. */
export async function invoiceOf(stack: Stack, topupId: string): Promise<string> {
  await eventually(async () => (await stack.topups.get(topupId))?.payUrl !== null, { withinMs: 15_000 });
  return (await stack.topups.get(topupId))?.payUrl ?? '';
}

/** What we know of the charges of a top-up, oldest first. */
export async function chargesOf(stack: Stack, topupId: string): Promise<{ chargeId: string; role: string }[]> {
  const { rows } = await stack.owner.query<{ chargeId: string; role: string }>(
    `SELECT charge_id AS "chargeId", role FROM app.telegram_payment WHERE topup_id = $1 ORDER BY recorded_at`,
    [topupId],
  );
  return rows;
}
