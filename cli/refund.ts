import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { cardInvoiceProvider, providerOfCurrency } from '../core/telegram-charge.ts';
import { type DatabasePool, openPool } from '../db/pool.ts';
import { createRefunds, type Refund, type Refunds } from '../db/refunds.ts';
import { createTelegramPayments } from '../db/telegram-payments.ts';
import { loadConfig } from '../platform/config.ts';
import { createLogger } from '../platform/logger.ts';
import { examples, printJson, printLine, RefusalError } from './verb.ts';

interface RefundOptions {
  readonly force: boolean;
  readonly as: string;
  readonly json: boolean;
}

/** How long the verb watches; the refund itself goes on until it is done. */
const watchMs = 15_000;
const lookEveryMs = 250;

export function registerRefund(program: Command): void {
  program
    .command('refund')
    .description('Returns the money of a top-up that was paid in Telegram, and takes its credits back first.')
    .argument('<id>', 'id of the top-up, or of the charge (telegram_payment_charge_id)')
    .option('--force', 'return the money although the credits are spent; what is missing is written off', false)
    .option('--as <name>', 'who asks for it, for the books', 'operator')
    .option('--json', 'answer as JSON', false)
    .addHelpText(
      'after',
      examples('holdfast refund 0198c0de-0000-7000-8000-000000000001', 'holdfast refund stxCharge1 --force --as anna'),
    )
    .addHelpText('after', '\nExit code 0: refunded, or on its way. 1: a person has to decide, or it cannot be done.')
    .action(async (id: string, options: RefundOptions) => {
      const config = loadConfig();
      const logger = createLogger({ name: 'refund', ...config.log, level: 'warn' });
      const url = config.database.url.reveal();
      const pool = await openPool({ url, size: 1, applicationName: 'holdfast-refund', logger, checkRows: false });
      try {
        const refund = await askAndWatch(pool, id, options);
        if (options.json) printJson(refund);
        else printLine(describe(refund));
        if (refund.status === 'needs_attention') process.exitCode = 1;
      } finally {
        await pool.end();
      }
    });
}

async function askAndWatch(pool: DatabasePool, id: string, { force, as }: RefundOptions): Promise<Refund> {
  const charge = await createTelegramPayments(pool).findForOperator(id);
  if (charge === null) throw new RefusalError(`Nothing that was paid in Telegram has the id ${id}.`);
  const { chargeId } = charge;
  if (providerOfCurrency(charge.currency) === cardInvoiceProvider) {
    throw new RefusalError(
      `Telegram returns no card payments: return ${charge.providerChargeId ?? chargeId} in its provider's cabinet.`,
    );
  }
  const refunds = createRefunds(pool);
  const request = { chargeId, reason: 'operator', by: `operator:${as}`, forced: force } as const;
  const asked = await refunds.ask(request);
  if (asked === null) throw new RefusalError(`Nothing that was paid in Telegram has the id ${id}.`);
  return watch(refunds, asked.refundId);
}

async function watch(refunds: Refunds, refundId: string): Promise<Refund> {
  for (let leftMs = watchMs; ; leftMs -= lookEveryMs) {
    const refund = await refunds.get(refundId);
    if (refund === null) throw new RefusalError(`The refund ${refundId} is gone.`);
    if (refund.status === 'refunded' || refund.status === 'needs_attention' || leftMs <= 0) return refund;
    await pause(lookEveryMs);
  }
}

function describe({ id, status, amountMinor, currency, takenBackMinor, writtenOffMinor }: Refund): string {
  const money = `${amountMinor} ${currency}`;
  const given = `${takenBackMinor ?? 0n} credits were taken back, ${writtenOffMinor ?? 0n} of them written off`;
  switch (status) {
    case 'refunded':
      return `Refunded: ${money} went back to the payer; ${given}. Refund ${id}.`;
    case 'returning':
      return `On its way: ${given}; ${money} is asked for until Telegram confirms it. Refund ${id}.`;
    case 'needs_attention':
      return `Not refunded: the credits are spent. To return the money all the same: --force. Refund ${id}.`;
    case 'accepted':
      return `Accepted: a worker takes it up; run the same again to see how it stands. Refund ${id}.`;
  }
}
