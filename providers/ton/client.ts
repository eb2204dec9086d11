import type { z } from 'zod';
import { parseJson } from '../../core/json.ts';
import { type Outcome, done, unknown } from '../../core/result.ts';
import type { Secret } from '../../platform/secret.ts';
import type { Http, HttpAnswer } from '../http.ts';
import { type Taken, classifyRead, classifySend } from './codes.ts';
import {
  type ChainTransaction,
  type WalletReading,
  addressInformationSchema,
  masterchainInfoSchema,
  messageListSchema,
  methodSchema,
  sentSchema,
  stackNumber,
  toHex,
  toPayment,
  toTransaction,
  toWallet,
  traceListSchema,
  transactionListSchema,
} from './schema.ts';
import type { ExpectedPayment } from './decision.ts';
import type { WalletVersion } from './wallet.ts';

export type { ChainTransaction, WalletReading } from './schema.ts';

export interface TonChainOptions {
  /** Where both versions stand, without a slash at the end: `https://toncenter.com/api`. */
  readonly apiUrl: string;
  readonly apiKey: Secret | undefined;
  readonly http: Http;
  /** A way of its own for messages: nodes refuse with HTTP 500, which must not close the way for reading. */
  readonly sendHttp: Http;
}

/** What is seen of, and said to, the chain. Hashes are hex, addresses raw, times unix seconds of blocks. */
export interface TonChain {
  /**
   * Hands in a signed message; the same bytes may be sent again and again. No outcome says whether it was executed:
   * `done` means that a node has it, `refused` that its bytes are wrong.
   */
  send(boc: Uint8Array): Promise<Outcome<{ readonly taken: Taken; readonly normalisedHash?: string }>>;
  /** The wallet's account out of one answer: number, balance and the time of their block belong together. */
  readWallet(address: string, version: WalletVersion): Promise<Outcome<WalletReading>>;
  /** The number by the wallet's own get-method; 0 where it is not deployed. No time comes with it. */
  readSeqno(address: string): Promise<Outcome<number>>;
  /** The newest block of the index. What it shows afterwards is at least that fresh. */
  readIndexHead(): Promise<Outcome<{ readonly seqno: number; readonly time: number }>>;
  /** Final transactions of an account whose incoming message has this normalised hash. */
  findByMessage(account: string, normalisedHash: string): Promise<Outcome<readonly ChainTransaction[]>>;
  /** Final transactions of an account, oldest first from a logical time on, else newest first; `limit` 1 to 1,000. */
  listTransactions(range: TransactionRange): Promise<Outcome<readonly ChainTransaction[]>>;
  /** All that a message set off: `isWhole` once nothing of it is on its way any more. Undefined: not indexed yet. */
  readTrace(normalisedHash: string): Promise<Outcome<TonTrace | undefined>>;
  /** Messages that left an account with this body: how a payment is found whose row was lost. */
  findPayments(source: string, bodyHash: string): Promise<Outcome<readonly ExpectedPayment[]>>;
}

export interface TransactionRange {
  readonly account: string;
  readonly fromLt?: bigint;
  readonly limit: number;
}

export interface TonTrace {
  readonly isWhole: boolean;
  readonly transactions: readonly ChainTransaction[];
}

const readDeadlineMs = 15_000;
const sendDeadlineMs = 20_000;
const transactionsMax = 1_000;

/** The client of a TON centre: the node's API v2 and the index's API v3. */
export function createTonChain(options: TonChainOptions): TonChain {
  const call = createCalls(options);
  return {
    async send(boc) {
      const answer = await call.send({ boc: Buffer.from(boc).toString('base64') });
      if (answer.outcome !== 'done') return answer;
      if (answer.value.status !== 200) return mapped(classifySend(answer.value), (taken) => ({ taken }));
      const sent = sentSchema.safeParse(resultOf(answer.value));
      // A 200 is `ok` whatever else it holds; the hash is a courtesy.
      const hash = sent.success && sent.data.hash_norm !== undefined ? toHex(sent.data.hash_norm) : undefined;
      return done({ taken: 'new', ...(hash === undefined ? {} : { normalisedHash: hash }) });
    },
    async readWallet(address, version) {
      const answer = await call.v2('getAddressInformation', { address }, addressInformationSchema);
      if (answer.outcome !== 'done') return answer;
      const wallet = toWallet(answer.value, version);
      return wallet ? done(wallet) : unknown('not_a_wallet_of_this_version');
    },
    async readSeqno(address) {
      const answer = await call.v2('runGetMethod', { address, method: 'seqno', stack: [] }, methodSchema);
      if (answer.outcome !== 'done') return answer;
      const { exit_code: exitCode, stack } = answer.value;
      const seqno = exitCode === notDeployed ? 0 : exitCode === 0 ? stackNumber(stack) : undefined;
      return seqno === undefined ? unknown(`method_exit_${exitCode}`) : done(seqno);
    },
    async readIndexHead() {
      const answer = await call.v3('/masterchainInfo', {}, masterchainInfoSchema);
      return mapped(answer, ({ last }) => ({ seqno: last.seqno, time: Number(last.gen_utime) }));
    },
    async findByMessage(account, normalisedHash) {
      const query = { msg_hash: normalisedHash, direction: 'in', limit: String(transactionsMax) };
      const answer = transactionsOf(await call.v3('/transactionsByMessage', query, transactionListSchema));
      // What the index calls ours must be ours by the cells it shows.
      const isOurs = (one: ChainTransaction) =>
        one.account === account && one.inMessage.normalisedHash === normalisedHash;
      return mapped(answer, (found) => found.filter(isOurs));
    },
    async listTransactions({ account, fromLt, limit }) {
      const order = fromLt === undefined ? { sort: 'desc' } : { sort: 'asc', start_lt: fromLt.toString() };
      const query = { account, limit: String(limit), ...order };
      return transactionsOf(await call.v3('/transactions', query, transactionListSchema));
    },
    async readTrace(normalisedHash) {
      const answer = await call.v3('/traces', { msg_hash: normalisedHash, limit: '1' }, traceListSchema);
      const trace = answer.outcome === 'done' ? answer.value.traces[0] : undefined;
      if (answer.outcome !== 'done' || !trace) return answer.outcome === 'done' ? done(undefined) : answer;
      const transactions = transactionsOf(done({ transactions: Object.values(trace.transactions) }));
      const isFinal = (found: readonly ChainTransaction[]) =>
        !trace.is_incomplete && found.length === Object.keys(trace.transactions).length;
      return mapped(transactions, (found) => ({ isWhole: isFinal(found), transactions: found }));
    },
    async findPayments(source, bodyHash) {
      const query = { source, body_hash: Buffer.from(bodyHash, 'hex').toString('base64'), limit: '100' };
      const answer = await call.v3('/messages', query, messageListSchema);
      if (answer.outcome !== 'done') return answer;
      const payments = answer.value.messages.map(toPayment);
      if (payments.includes('unreadable')) return unknown('answer_not_understood');
      return done(payments.filter((one): one is ExpectedPayment => typeof one === 'object'));
    },
  };
}

const notDeployed = -13;

function createCalls({ apiUrl, apiKey, http, sendHttp }: TonChainOptions) {
  const headers = {
    accept: 'application/json',
    ...(apiKey === undefined ? {} : { 'x-api-key': apiKey.reveal() }),
  };
  const rpc = (method: string, params: object) => ({
    method: 'POST',
    url: `${apiUrl}/v2/jsonRPC`,
    route: `/v2/${method}`,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ id: '1', jsonrpc: '2.0', method, params }),
  });
  return {
    send: (params: { boc: string }) =>
      sendHttp.send({ ...rpc('sendBocReturnHash', params), deadlineMs: sendDeadlineMs }),
    async v2<S extends z.ZodType>(method: string, params: object, schema: S): Promise<Outcome<z.infer<S>>> {
      const answer = await http.send({ ...rpc(method, params), deadlineMs: readDeadlineMs });
      return read(answer, schema, resultOf);
    },
    async v3<S extends z.ZodType>(path: string, query: Query, schema: S): Promise<Outcome<z.infer<S>>> {
      const url = `${apiUrl}/v3${path}?${new URLSearchParams(query).toString()}`;
      const answer = await http.send({ method: 'GET', url, route: `/v3${path}`, headers, deadlineMs: readDeadlineMs });
      return read(answer, schema, (whole) => parseJson(whole.text()));
    },
  };
}

type Query = Readonly<Record<string, string>>;

function read<S extends z.ZodType>(
  answer: Outcome<HttpAnswer>,
  schema: S,
  pick: (answer: HttpAnswer) => unknown,
): Outcome<z.infer<S>> {
  if (answer.outcome !== 'done') return answer;
  if (answer.value.status !== 200) return classifyRead(answer.value);
  const parsed = schema.safeParse(pick(answer.value));
  return parsed.success ? done(parsed.data) : unknown('answer_not_understood');
}

/** The `result` of an answer that says `ok`. */
function resultOf(answer: HttpAnswer): unknown {
  const body = parseJson(answer.text()) as { ok?: unknown; result?: unknown } | undefined;
  return body?.ok === true ? body.result : undefined;
}

/** One transaction that cannot be made out spoils the list: what is missing might be the one that matters. */
function transactionsOf(answer: Outcome<z.infer<typeof transactionListSchema>>): Outcome<readonly ChainTransaction[]> {
  if (answer.outcome !== 'done') return answer;
  const found = answer.value.transactions.map(toTransaction);
  if (found.includes('unreadable')) return unknown('answer_not_understood');
  return done(found.filter((one): one is ChainTransaction => typeof one === 'object'));
}

function mapped<T, R>(answer: Outcome<T>, translate: (value: T) => R): Outcome<R> {
  return answer.outcome === 'done' ? done(translate(answer.value)) : answer;
}
