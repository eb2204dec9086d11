import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { parseJson } from '../../../core/json.ts';
import type { SimulatorParts } from '../../simulator-kit.ts';
import { parseAddress, parseCellBase64 } from '../../ton/cells.ts';
import { commentText } from '../payment-body.ts';
import type { Orders } from './orders.ts';

export interface ChainWatch {
  start(): void;
  stop(): Promise<void>;
}

export interface ChainWatchDeps {
  readonly parts: SimulatorParts;
  readonly orders: Orders;
  readonly address: string;
  /** Where the index of the chain stands (`…/api`); without it nothing is watched. */
  readonly tonApiUrl: string | undefined;
  readonly everyMs: number;
}

const pageMax = 100;

const answerSchema = z.object({
  transactions: z.array(
    z.object({
      hash: z.string(),
      lt: z.string().regex(/^\d+$/),
      now: z.int(),
      in_msg: z
        .object({
          source: z.string().nullish(),
          value: z.string().nullish(),
          bounced: z.boolean().nullish(),
          message_content: z.object({ body: z.string() }).nullish(),
        })
        .nullish(),
    }),
  ),
});

type Transaction = z.output<typeof answerSchema>['transactions'][number];

/** Looks at our address on the chain, as the real one does: what came in with a known reference was paid. */
export function createChainWatch({ parts, orders, address, tonApiUrl, everyMs }: ChainWatchDeps): ChainWatch {
  const { store, logger } = parts;
  const cursor = store.collection<string>('cursor');
  const stopping = new AbortController();
  let watching = Promise.resolve();

  async function look(url: string): Promise<number> {
    const query = new URLSearchParams({
      account: address,
      start_lt: cursor.get('lt') ?? '0',
      sort: 'asc',
      limit: String(pageMax),
    });
    const answer = await fetch(`${url}/v3/transactions?${query.toString()}`, { signal: stopping.signal });
    const parsed = answerSchema.safeParse(parseJson(await answer.text()));
    if (!answer.ok || !parsed.success) return 0;
    for (const transaction of parsed.data.transactions) take(transaction);
    return parsed.data.transactions.length;
  }

  function take(transaction: Transaction): void {
    store.atomically(() => {
      cursor.put('lt', (BigInt(transaction.lt) + 1n).toString());
      const payment = toPayment(transaction);
      if (payment) orders.pay(payment);
    });
  }

  async function watch(url: string): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        if ((await look(url)) === pageMax) continue;
      } catch (error) {
        // The chain comes and goes with its own simulator.
        if (!stopping.signal.aborted) logger.debug({ err: error }, 'the chain could not be read');
      }
      await pause(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  return {
    start() {
      if (tonApiUrl !== undefined) watching = watch(tonApiUrl);
    },
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}

function toPayment({ hash, now, in_msg: message }: Transaction) {
  const body = message?.message_content && parseCellBase64(message.message_content.body);
  const ref = body && /Ref#([\w-]+)/.exec(commentText(body) ?? '')?.[1];
  if (!message || typeof ref !== 'string' || typeof message.source !== 'string' || message.bounced === true)
    return undefined;
  const source = parseAddress(message.source, 'testnet')?.toRawString() ?? null;
  return { ref, amountNano: BigInt(message.value ?? 0), source, txHash: hash, atMs: now * 1_000 };
}
