import { done, type Outcome } from '../../core/result.ts';
import type { TonChain } from './client.ts';
import type { SentPayment } from './reconcile.ts';

const pageSize = 500;

/**
 * Every payment that left an account by a message from outside, oldest first, as the index shows it; or what became of
 * the first page that could not be read.
 */
export async function listSentPayments(chain: TonChain, account: string): Promise<Outcome<readonly SentPayment[]>> {
  const sent: SentPayment[] = [];
  for (let fromLt = 0n; ;) {
    const page = await chain.listTransactions({ account, fromLt, limit: pageSize });
    if (page.outcome !== 'done') return page;
    for (const { hash, inMessage, outMessages } of page.value) {
      const messageHash = inMessage.normalisedHash ?? '';
      for (const payment of outMessages) sent.push({ ...payment, messageHash, transactionHash: hash });
    }
    const last = page.value.at(-1);
    if (last === undefined || page.value.length < pageSize) return done(sent);
    fromLt = last.lt + 1n;
  }
}
