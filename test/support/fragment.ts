import type { Logger } from 'pino';
import { Secret } from '../../platform/secret.ts';
import { createSealer } from '../../platform/sealer.ts';
import type { FaultRule } from '../../providers/faults.ts';
import { createFragment } from '../../providers/fragment/client.ts';
import type { FragmentCookies } from '../../providers/fragment/cookies.ts';
import { createMemorySessions } from '../../providers/fragment/memory-sessions.ts';
import { createFragmentVault, type FragmentVault } from '../../providers/fragment/session.ts';
import type { FragmentSimulatorSettings } from '../../providers/fragment/simulator/options.ts';
import { createFragmentSimulator, type FragmentSimulatorOptions } from '../../providers/fragment/simulator.ts';
import type { FragmentWallet } from '../../providers/fragment/wallet-facts.ts';
import { createHttp } from '../../providers/http.ts';
import type { StarItem, StarsProvider } from '../../providers/ports.ts';
import { silent } from './log.ts';
import { doneValue, testWallet } from './ton.ts';

export const shopLogin: FragmentCookies = {
  stel_ssid: 'ssid-of-a-browser',
  stel_dt: '-180',
  stel_token: 'login-of-anna',
};

/** 50 Stars for @bob. */
export const bobsStars: StarItem & { showSender: boolean } = {
  kind: 'stars',
  quantity: 50,
  recipient: 'bob_the_cat',
  showSender: false,
};

export interface FragmentState {
  readonly traffic: { readonly calls: number; readonly callsInSecondMax: number };
  readonly address: string;
  readonly account: { readonly loggedIn: boolean; readonly sessionCount: number; readonly proofCount: number };
  readonly orders: readonly {
    readonly reqId: string;
    readonly ref?: string;
    readonly state: string;
    readonly amountNano: string;
    readonly showSender?: boolean;
    readonly confirmCount: number;
    readonly payments: readonly { readonly state: string; readonly isLate: boolean; readonly txHash: string }[];
  }[];
}

/** A simulated Fragment, its session store, and our client for it. */
export interface StarShop {
  readonly url: string;
  readonly vault: FragmentVault;
  readonly client: StarsProvider;
  readonly wallet: FragmentWallet;
  /** Another process's client of the same session. */
  anotherClient(options?: ClientOptions): StarsProvider;
  /** A control under `/_sim`. */
  control(path: string, body?: unknown): Promise<FragmentState>;
  options(changes: Partial<FragmentSimulatorSettings>): Promise<unknown>;
  faults(...rules: (Omit<FaultRule, 'times' | 'on'> & { times?: number; on?: FaultRule['on'] })[]): Promise<unknown>;
  state(): Promise<FragmentState>;
  /** Plays that the payment of a request came in. */
  pay(requestId: string, body?: object): Promise<FragmentState>;
  stop(): Promise<void>;
}

export interface ClientOptions {
  readonly mode?: 'kyc' | 'no-kyc';
  readonly logger?: Logger;
  readonly wallet?: FragmentWallet;
  readonly payTo?: readonly string[];
}

export interface StarShopOptions extends Partial<FragmentSimulatorOptions> {
  readonly client?: ClientOptions;
  /** Begin without a renewed session. */
  readonly loggedOut?: boolean;
}

/** A simulator that delivers at once, and our client, logged in and with its wallet linked. */
export async function openStarShop({
  client: clientOptions,
  loggedOut,
  ...options
}: StarShopOptions = {}): Promise<StarShop> {
  const simulator = createFragmentSimulator({
    logger: silent,
    token: shopLogin.stel_token ?? '',
    watchEveryMs: 50,
    ...options,
    settings: { deliverAfterMs: 0, ...options.settings },
  });
  const { url } = await simulator.start();
  const wallet = await testWallet('v5r1');
  const vault = createFragmentVault({
    store: createMemorySessions(),
    sealer: createSealer(new Secret('a key of the tests, long enough'), 'fragment-session'),
  });
  const anotherClient = (its: ClientOptions = {}) => openClient(url, vault, { wallet, ...clientOptions, ...its });
  const client = anotherClient();
  if (loggedOut !== true) {
    await vault.put(shopLogin);
    doneValue(await client.refreshSession());
  }
  const control: StarShop['control'] = async (path, body) => {
    const answer = await fetch(`${url}/_sim${path}`, { method: 'POST', body: JSON.stringify(body ?? {}) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as FragmentState;
  };
  return {
    url,
    vault,
    client,
    wallet,
    anotherClient,
    control,
    options: (changes) => control('/options', changes),
    faults: (...rules) => control('/faults', { rules: rules.map((rule) => ({ on: 'request', ...rule })) }),
    state: async () => (await (await fetch(`${url}/_sim/state`)).json()) as FragmentState,
    pay: (requestId, body) => control(`/orders/${requestId}/pay`, body),
    stop: () => simulator.stop(),
  };
}

function openClient(
  apiUrl: string,
  vault: FragmentVault,
  { mode = 'kyc', logger = silent, payTo = [], wallet }: ClientOptions & { readonly wallet: FragmentWallet },
): StarsProvider {
  const http = createHttp({ provider: 'fragment', logger, breaker: { failures: 1_000 } });
  return createFragment({ apiUrl, http, vault, mode, payTo, historyKeptMs: 0, wallet: () => Promise.resolve(wallet) });
}
