import type { Command } from 'commander';
import type { Outcome } from '../core/result.ts';
import { money, toDecimal } from '../core/money.ts';
import { openPool } from '../db/pool.ts';
import { createWalletMessages, type WalletMessages } from '../db/wallet-messages.ts';
import { type Config, loadConfig } from '../platform/config.ts';
import { createLogger } from '../platform/logger.ts';
import { createHttp } from '../providers/http.ts';
import { createTon, type Ton } from '../providers/registry.ts';
import { type Reconciliation, reconcile } from '../providers/ton/reconcile.ts';
import { listSentPayments } from '../providers/ton/sent-payments.ts';
import { examples, printJson, printLine, RefusalError } from './verb.ts';

const waitingShownMax = 1_000;

export function registerWallet(program: Command): void {
  program
    .command('wallet')
    .description('Shows the wallet that pays on TON, and holds all its payments against the chain, both ways.')
    .option('--json', 'answer as JSON', false)
    .addHelpText('after', examples('holdfast wallet', 'holdfast wallet --json'))
    .addHelpText('after', '\nExit code 0: books and chain agree. 1: they do not, or the chain cannot be read.')
    .action(async ({ json }: { json: boolean }) => {
      const report = await look(loadConfig());
      if (json) printJson(report);
      else show(report);
      process.exitCode = isSound(report.reconciliation) ? 0 : 1;
    });
}

type Report = Awaited<ReturnType<typeof look>>;

async function look(config: Config) {
  const logger = createLogger({ name: 'wallet', ...config.log, level: 'error' });
  const ton = createTon(config.ton, (provider, rules) => createHttp({ provider, logger, ...rules }));
  const url = config.database.url.reveal();
  const pool = await openPool({ url, size: 1, applicationName: 'holdfast-wallet', logger, checkRows: false });
  try {
    return await read(ton, createWalletMessages(pool));
  } finally {
    await pool.end();
  }
}

async function read({ chain, wallet: open }: Ton, messages: WalletMessages) {
  const { address, friendlyAddress, version } = await open();
  const { balanceNano, seqno, state } = mustRead(await chain.readWallet(address, version));
  const pending = await messages.undecided(address);
  const waiting = await messages.prepared(address, waitingShownMax);
  const booked = await messages.decidedPayments(address);
  // What is pending may have left already; it is judged by the wallet's own saga.
  const all = mustRead(await listSentPayments(chain, address));
  const sent = all.filter(({ messageHash }) => messageHash !== pending?.normalizedHash);
  return {
    wallet: { address, friendlyAddress, version, state, balanceNano, seqno },
    pending: pending && {
      message: pending.id,
      seqno: pending.seqno,
      validUntil: new Date(pending.validUntil * 1_000).toISOString(),
      payments: pending.payments.map(({ purchaseId, amountNano }) => ({ purchaseId, amountNano })),
    },
    waitingCount: waiting.length,
    reconciliation: reconcile(booked, sent),
  };
}

function mustRead<T>(outcome: Outcome<T>): T {
  if (outcome.outcome === 'done') return outcome.value;
  throw new RefusalError(`The chain cannot be read: ${'reason' in outcome ? outcome.reason : outcome.code}.`);
}

function isSound({ missingInBooks, missingOnChain, paidAfterAll }: Reconciliation): boolean {
  return missingInBooks.length + missingOnChain.length + paidAfterAll.length === 0;
}

function show({ wallet, pending, waitingCount, reconciliation }: Report): void {
  printLine(`Address   ${wallet.friendlyAddress}  ${wallet.version}, ${wallet.state}`);
  printLine(`Balance   ${inTon(wallet.balanceNano)}  next number ${wallet.seqno}`);
  printLine(`Pending   ${pending === null ? 'no message' : shownPending(pending)}`);
  printLine(`Waiting   ${waitingCount} payment(s)`);
  printLine(`History   ${reconciliation.matchedCount} payment(s) stand in the books and on the chain`);
  for (const { purchaseId, amountNano } of reconciliation.missingOnChain) {
    printLine(`  ✗ star-purchase/${purchaseId}: ${inTon(amountNano)} is called paid, and is not on the chain`);
  }
  for (const { purchaseId, amountNano } of reconciliation.paidAfterAll) {
    printLine(`  ✗ star-purchase/${purchaseId}: ${inTon(amountNano)} is called not paid, and is on the chain`);
  }
  for (const { transactionHash, destination, amountNano } of reconciliation.missingInBooks) {
    const paid = `${inTon(amountNano)} left for ${destination}`;
    printLine(`  ✗ transaction ${transactionHash}: ${paid}, by no purchase of ours`);
  }
}

function shownPending({ message, seqno, payments, validUntil }: NonNullable<Report['pending']>): string {
  return `message ${message}, number ${seqno}, ${payments.length} payment(s), valid until ${validUntil}`;
}

function inTon(nano: bigint): string {
  return `${toDecimal(money(nano, 'TON'))} TON`;
}
