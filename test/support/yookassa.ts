import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { money } from '../../core/money.ts';
import { Secret } from '../../platform/secret.ts';
import type { FaultRule } from '../../providers/faults.ts';
import { createHttp } from '../../providers/http.ts';
import { type YookassaClient, basicAuthorization, createYookassa } from '../../providers/yookassa/client.ts';
import {
  type YookassaSimulatorOptions,
  createYookassaSimulator,
  simulatorApiPath,
} from '../../providers/yookassa/simulator.ts';
import type { PaymentObject, RefundObject, StoredNotification } from '../../providers/yookassa/simulator/model.ts';
import { silent } from './log.ts';

export const shop = { shopId: '100500', secretKey: 'test_secret_key_123' };

export interface Shop {
  readonly url: string;
  readonly client: YookassaClient;
  /** The API as any HTTP client sees it, with the shop's credentials unless others are given. */
  call(
    method: string,
    path: string,
    options?: CallOptions,
  ): Promise<{ status: number; body: ApiBody; headers: Headers }>;
  /** A control under `/_sim`. */
  control(path: string, body?: unknown): Promise<unknown>;
  faults(...rules: (Omit<FaultRule, 'times' | 'on'> & { times?: number; on?: FaultRule['on'] })[]): Promise<unknown>;
  /** Everything the simulator holds. */
  state(): Promise<State>;
  /** How often the fault rules in force have struck. */
  hits(): Promise<number>;
  stop(): Promise<void>;
}

export interface CallOptions {
  readonly key?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** What the API may answer: a payment, a refund, a list or an error. */
export type ApiBody = Partial<PaymentObject> & {
  readonly type?: string;
  readonly code?: string;
  readonly parameter?: string;
  readonly retry_after?: number;
  readonly payment_id?: string;
  readonly items?: PaymentObject[];
  readonly next_cursor?: string;
  readonly account_id?: string;
};

export interface State {
  readonly payments: PaymentObject[];
  readonly refunds: RefundObject[];
  readonly notifications: StoredNotification[];
}

/** A simulator of YooKassa, our client for it, and a plain HTTP client beside it. */
export async function openShop(options: Partial<YookassaSimulatorOptions> = {}): Promise<Shop> {
  const simulator = createYookassaSimulator({ ...shop, logger: silent, ...options });
  const { url } = await simulator.start();
  const http = createHttp({ provider: 'yookassa', logger: silent, breaker: { failures: 1_000 } });
  const client = createYookassa({
    apiUrl: url + simulatorApiPath,
    shopId: shop.shopId,
    secretKey: new Secret(shop.secretKey),
    http,
    logger: silent,
  });
  const call: Shop['call'] = async (method, path, { key, body, headers } = {}) => {
    const answer = await fetch(url + simulatorApiPath + path, {
      method,
      headers: withoutUndefined({
        authorization: basicAuthorization(shop.shopId, shop.secretKey),
        'idempotence-key': key,
        'content-type': body === undefined ? undefined : 'application/json',
        ...headers,
      }),
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: JSON.parse(text) as ApiBody, headers: answer.headers };
  };
  const control: Shop['control'] = async (path, body) => {
    const answer = await fetch(`${url}/_sim${path}`, { method: 'POST', body: JSON.stringify(body ?? {}) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  return {
    url,
    client,
    call,
    control,
    faults: (...rules) => control('/faults', { rules: rules.map((rule) => ({ on: 'request', ...rule })) }),
    hits: async () => {
      const { rules } = (await (await fetch(`${url}/_sim/faults`)).json()) as { rules: { hits: number }[] };
      return rules.reduce((sum, rule) => sum + rule.hits, 0);
    },
    state: async () => (await (await fetch(`${url}/_sim/state`)).json()) as State,
    async stop() {
      http.close();
      await simulator.stop();
    },
  };
}

function withoutUndefined(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined),
  );
}

/** An order of 1000.00 roubles. */
export const order = {
  key: '0190f6b0-0000-7000-8000-000000000001',
  topupId: '0190f6b0-0000-7000-8000-000000000001',
  price: money(100_000n, 'RUB'),
  description: '100 credits',
  returnUrl: 'https://shop.example/back',
};

export interface Receiver {
  readonly url: string;
  readonly received: { body: string; headers: Record<string, unknown> }[];
  /** What is answered, from the next request on. */
  answerWith(status: number): void;
  close(): Promise<void>;
}

/** The shop's notification URL, played by a server that notes what comes. */
export async function openReceiver(): Promise<Receiver> {
  const received: Receiver['received'] = [];
  let status = 200;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push({ body, headers: request.headers });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/yookassa`,
    received,
    answerWith: (next) => (status = next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
