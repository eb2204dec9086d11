import { inTime } from '../../platform/in-time.ts';
import type { Logger } from '../../platform/logger.ts';
import type { TonChain } from './client.ts';
import type { TonWallet } from './wallet.ts';

/** What operators see of the wallet that pays. */
export interface WatchedWallet {
  /** Raw, as our rows name it. */
  readonly address: string;
  /** As people write it. */
  readonly friendlyAddress: string;
  /** Null: the chain could not be read. */
  readonly read: { readonly balanceNano: bigint; readonly at: string } | null;
}

export interface WalletWatch {
  /** The outside system that it asks. */
  readonly provider: string;
  /** `mayAsk` false: what was read last is all there is. Never rejects, and never takes longer than the deadline. */
  look(mayAsk: boolean): Promise<WatchedWallet | null>;
}

export interface WalletWatchOptions {
  readonly chain: Pick<TonChain, 'readWallet'>;
  readonly wallet: () => Promise<Pick<TonWallet, 'address' | 'friendlyAddress' | 'version'>>;
  readonly logger: Logger;
  readonly now: () => Date;
  /** How long what was read is shown without asking again. */
  readonly goodForMs?: number;
  readonly deadlineMs?: number;
}

/**
 * The balance of our wallet for a page that must not wait for a chain: read at most every 15 s, whoever looks, and
 * given up after 2.5 s. A reading that comes too late for one look serves the next. Null: not even the wallet could be
 * opened.
 */
export function createWalletWatch(options: WalletWatchOptions): WalletWatch {
  const { chain, wallet: open, logger, now, goodForMs = 15_000, deadlineMs = 2_500 } = options;
  let last: { readonly balanceNano: bigint; readonly at: string } | null = null;
  let begunAtMs = -Infinity;
  let reading: Promise<void> = Promise.resolve();

  async function read(): Promise<void> {
    const { address, version } = await open();
    const answer = await chain.readWallet(address, version);
    last = answer.outcome === 'done' ? { balanceNano: answer.value.balanceNano, at: now().toISOString() } : null;
  }

  return {
    provider: 'ton',
    async look(mayAsk) {
      if (mayAsk && performance.now() - begunAtMs > goodForMs) {
        begunAtMs = performance.now();
        reading = read().catch((error: unknown) => logger.warn({ err: error }, 'the wallet cannot be read'));
      }
      try {
        const late = () => new Error(`no answer within ${deadlineMs} ms`);
        await inTime(reading, deadlineMs, late).catch((error: unknown) => {
          logger.warn({ err: error }, 'the wallet is not read in time');
        });
        const { address, friendlyAddress } = await inTime(open(), deadlineMs, late);
        return { address, friendlyAddress, read: last };
      } catch (error) {
        logger.warn({ err: error }, 'the wallet cannot be opened');
        return null;
      }
    },
  };
}
