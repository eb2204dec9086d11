import type { Outcome } from '../../core/result.ts';
import { Secret } from '../../platform/secret.ts';
import { createHttp } from '../../providers/http.ts';
import { createTonChain, type TonChain } from '../../providers/ton/client.ts';
import { decide, type Decision, type Evidence } from '../../providers/ton/decision.ts';
import { gatherEvidence, type StoredTonMessage } from '../../providers/ton/evidence.ts';
import type { TonSimulatorSettings } from '../../providers/ton/simulator/options.ts';
import { type TonSimulatorOptions, createTonSimulator } from '../../providers/ton/simulator.ts';
import {
  type Signing,
  type SignedTransfer,
  type TonWallet,
  type TransferMessage,
  type TransferRequest,
  type WalletVersion,
  openTonWallet,
} from '../../providers/ton/wallet.ts';
import { silent } from './log.ts';

/** A phrase that was made for these tests; nothing was ever sent to its addresses. */
export const testPhrase =
  'hungry cruel lizard proud rack saddle spoil print film never gravity summer ' +
  'car way glue drum shy ship number erupt abandon brick okay danger';

/** The wallet of the tests' phrase. */
export function testWallet(version: WalletVersion): Promise<TonWallet> {
  const opened = wallets.get(version) ?? openTonWallet({ phrase: new Secret(testPhrase), version });
  wallets.set(version, opened);
  return opened;
}

/** Deriving the keys takes a while, and a wallet has no state. */
const wallets = new Map<WalletVersion, Promise<TonWallet>>();

/** A signed transfer, or the test fails with what was wrong. */
export function signed(signing: Signing): SignedTransfer {
  if (!signing.ok) throw new Error(`not signed: ${signing.problem}`);
  return signing.transfer;
}

export const apiKey = 'demo-ton-key';

export interface ShownMessage {
  readonly rawHash: string;
  readonly normalisedHash: string;
  readonly status: string;
  readonly exitCode?: number;
  readonly sentCount: number;
  readonly refusedCopies?: number;
}

export interface ChainState {
  readonly head: { readonly seqno: number; readonly utime: number };
  readonly accounts: readonly {
    readonly address: string;
    readonly balance: string;
    readonly state: string;
    readonly seqno: number | null;
  }[];
  readonly messages: readonly ShownMessage[];
  readonly transactions: readonly { readonly account: string; readonly hash: string }[];
  readonly settings: TonSimulatorSettings;
}

/** A simulated chain whose blocks come when the test says so. */
export interface TestChain {
  readonly url: string;
  control(path: string, body?: unknown): Promise<unknown>;
  /** Makes blocks, default one. */
  advance(blocks?: number): Promise<unknown>;
  options(changes: Partial<TonSimulatorSettings>): Promise<unknown>;
  state(): Promise<ChainState>;
  /** An answer of its API, whatever its status. */
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<{ status: number; body: Answer }>;
  /** A method of the node's API. */
  call(method: string, parameters: object): Promise<{ status: number; body: Answer }>;
  stop(): Promise<void>;
}

export interface Answer {
  readonly ok?: boolean;
  readonly result?: unknown;
  readonly error?: string;
  readonly code?: number;
  readonly [field: string]: unknown;
}

/** A paused chain with blocks of one second, no lag, and inclusion in the next block, where the test says no other. */
export async function openChain({ settings, ...options }: Partial<TonSimulatorOptions> = {}): Promise<TestChain> {
  const simulator = createTonSimulator({
    logger: silent,
    apiKey,
    ...options,
    settings: { blockMs: 1_000, inclusionBlocks: 1, indexLagBlocks: 0, ...settings },
  });
  const { url } = await simulator.start();
  const control: TestChain['control'] = async (path, body) => {
    const answer = await fetch(`${url}/_sim${path}`, { method: 'POST', body: JSON.stringify(body ?? {}) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const read = async (answer: Response) => ({ status: answer.status, body: (await answer.json()) as Answer });
  await control('/pause');
  return {
    url,
    control,
    advance: (blocks = 1) => control('/blocks', { blocks }),
    options: (changes) => control('/options', changes),
    state: async () => (await (await fetch(`${url}/_sim/state`)).json()) as ChainState,
    get: async (path, headers = {}) => read(await fetch(url + path, { headers })),
    call: async (method, params) => {
      const body = JSON.stringify({ id: '1', jsonrpc: '2.0', method, params });
      return read(await fetch(`${url}/api/v2/jsonRPC`, { method: 'POST', body }));
    },
    stop: () => simulator.stop(),
  };
}

/** Our client for a chain at some address, with a breaker that does not open under a test's failures. */
function tonClient(url: string, key: string | undefined = apiKey): TonChain {
  const http = createHttp({ provider: 'ton', logger: silent, breaker: { failures: 1_000 } });
  return createTonChain({
    apiUrl: `${url}/api`,
    apiKey: key === undefined ? undefined : new Secret(key),
    http,
    sendHttp: http,
  });
}

/** A wallet with money on a chain of its own, our client for it, and what a saga does with both. */
export interface TestPurse {
  readonly chain: TestChain;
  readonly client: TonChain;
  readonly wallet: TonWallet;
  /** Signs payments for the wallet as the chain has it now, to be stored and sent. */
  prepare(messages: readonly TransferMessage[], changes?: Partial<TransferRequest>): Promise<PreparedMessage>;
  /** Looks at the chain and decides. */
  judge(message: PreparedMessage, before?: Pick<Evidence, 'sendRefused'>): Promise<Decision>;
  seqno(): Promise<number>;
  balanceOf(address: string): Promise<bigint>;
}

export interface PreparedMessage extends StoredTonMessage {
  readonly boc: Uint8Array;
  readonly rawHash: string;
}

/** Opens a chain on which the tests' wallet has 10 TON and was never used. */
export async function openPurse(
  version: WalletVersion,
  options: Partial<TonSimulatorOptions> = {},
): Promise<TestPurse> {
  const wallet = await testWallet(version);
  const chain = await openChain({ genesis: { [wallet.address]: 10_000_000_000n }, ...options });
  const client = tonClient(chain.url);
  const reading = async () => doneValue(await client.readWallet(wallet.address, version));
  return {
    chain,
    client,
    wallet,
    async prepare(messages, changes) {
      const { seqno, blockTime, state, lastLt } = await reading();
      const request = { seqno, validUntil: blockTime + 60, withStateInit: state !== 'active', messages, ...changes };
      return { ...signed(wallet.sign(request)), version, signedAfterLt: lastLt };
    },
    judge: async (message, before) => decide(message, await gatherEvidence(client, message, before)),
    seqno: async () => (await reading()).seqno,
    async balanceOf(address) {
      const account = (await chain.state()).accounts.find((one) => one.address === address);
      return BigInt(account?.balance ?? 0);
    },
  };
}

/** The value of an outcome that must be `done`. */
export function doneValue<T>(outcome: Outcome<T>): T {
  if (outcome.outcome !== 'done') throw new Error(`not done: ${JSON.stringify(outcome)}`);
  return outcome.value;
}
