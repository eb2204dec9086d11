import { money } from '../../core/money.ts';
import { Secret } from '../../platform/secret.ts';
import type { FaultRule } from '../../providers/faults.ts';
import { type HeleketClient, createHeleket } from '../../providers/heleket/client.ts';
import { sign } from '../../providers/heleket/signature.ts';
import { type HeleketSimulatorOptions, createHeleketSimulator } from '../../providers/heleket/simulator.ts';
import type { InvoiceObject, StoredNotification, Traffic } from '../../providers/heleket/simulator/model.ts';
import { createHttp } from '../../providers/http.ts';
import { silent } from './log.ts';

export const merchant = {
  merchantId: '8b03432e-385b-4670-8d06-064591096795',
  paymentKey: 'TEST-payment-key-0001',
  payoutKey: 'TEST-payout-key-0001',
};

export interface Exchange {
  readonly url: string;
  readonly client: HeleketClient;
  /** The API as any HTTP client sees it, signed with the payment key unless another is given. */
  call(path: string, body: string, key?: string): Promise<{ status: number; body: ApiBody }>;
  /** A control under `/_sim`. */
  control(path: string, body?: unknown): Promise<unknown>;
  faults(...rules: (Omit<FaultRule, 'times' | 'on'> & { times?: number; on?: FaultRule['on'] })[]): Promise<unknown>;
  state(): Promise<{ invoices: InvoiceObject[]; notifications: StoredNotification[]; traffic: Traffic }>;
  /** How many requests our client has sent. */
  requestCount(): number;
  stop(): Promise<void>;
}

export interface ApiBody {
  readonly state?: number;
  readonly message?: string;
  readonly errors?: Readonly<Record<string, readonly string[]>>;
  readonly result?: InvoiceObject & { items?: InvoiceObject[] };
}

export interface ExchangeOptions extends Partial<HeleketSimulatorOptions> {
  readonly callbackUrl?: string;
}

/** A simulator of Heleket, our client for it, and a plain HTTP client beside it. */
export async function openExchange(options: ExchangeOptions = {}): Promise<Exchange> {
  const simulator = createHeleketSimulator({ ...merchant, logger: silent, ...options });
  const { url } = await simulator.start();
  let requests = 0;
  const http = createHttp({
    provider: 'heleket',
    logger: silent,
    breaker: { failures: 1_000 },
    observe: () => (requests += 1),
  });
  const client = createHeleket({
    apiUrl: url,
    merchantId: merchant.merchantId,
    paymentKey: new Secret(merchant.paymentKey),
    payoutKey: new Secret(merchant.payoutKey),
    callbackUrl: options.callbackUrl ?? 'http://127.0.0.1:1/webhooks/heleket',
    http,
    logger: silent,
  });
  const control: Exchange['control'] = async (path, body) => {
    const answer = await fetch(`${url}/_sim${path}`, { method: 'POST', body: JSON.stringify(body ?? {}) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  return {
    url,
    client,
    control,
    async call(path, body, key = merchant.paymentKey) {
      const headers = { merchant: merchant.merchantId, sign: sign(body, key), 'content-type': 'application/json' };
      const answer = await fetch(url + path, { method: 'POST', headers, body });
      return { status: answer.status, body: (await answer.json()) as ApiBody };
    },
    faults: (...rules) => control('/faults', { rules: rules.map((rule) => ({ on: 'request', ...rule })) }),
    state: async () => (await (await fetch(`${url}/_sim/state`)).json()) as Awaited<ReturnType<Exchange['state']>>,
    requestCount: () => requests,
    async stop() {
      http.close();
      await simulator.stop();
    },
  };
}

/** An order of 500.00 roubles, which is 6.25 USDT at the simulator's rate. */
export function orderOf(topupId: string) {
  return {
    key: topupId,
    topupId,
    price: money(50_000n, 'RUB'),
    description: '100 credits',
    returnUrl: 'https://shop.example/back',
  };
}
