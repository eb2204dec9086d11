import { Router } from '@koa/router';
import type { Context } from 'koa';
import { parseJson } from '../../../core/json.ts';
import { readBody } from '../../simulator-kit.ts';
import { parseAddress } from '../cells.ts';
import { accessGuard } from './access.ts';
import type { Chain } from './chain.ts';
import { newAccount } from './execution.ts';
import type { StoredAccount } from './model.ts';
import type { Settings } from './options.ts';
import * as answers from './v2-answers.ts';
import { readWallet } from './wallet-code.ts';

export interface ApiDeps {
  readonly chain: Chain;
  readonly settings: Settings;
  readonly apiKey: string | undefined;
}

type Parameters = Readonly<Record<string, unknown>>;

/** An error in toncenter's words: thrown by a method, told by the route. */
class V2Error extends Error {
  readonly code: number;
  constructor(code: number, text: string) {
    super(text);
    this.code = code;
  }
}

const transactionsMax = 100;
const transactionsDefault = 10;
const timedOut = 'LITE_SERVER_NETWORKtimeout(uxstime)';

/** The node's API, version 2: `/api/v2/jsonRPC`, and each method under its own name by GET or POST. */
export function v2Routes(deps: ApiDeps): Router {
  const methods = createMethods(deps);
  const router = new Router({ prefix: '/api/v2' });
  // The real answer to too many calls has its text under `result`.
  const word = (code: number, text: string) =>
    code === 429 ? { ok: false, result: text, code } : { ok: false, error: text, code };
  router.use(accessGuard({ ...deps, word }));

  function answer(ctx: Context, { name, parameters }: { name: string; parameters: Parameters }, extra: object = {}) {
    const method = methods.get(name);
    try {
      if (!method) throw new V2Error(404, 'Method not found');
      ctx.body = { ok: true, result: method(parameters), ...extra };
    } catch (error) {
      if (!(error instanceof V2Error)) throw error;
      ctx.status = error.code;
      ctx.body = { ...(word(error.code, error.message) as object), ...extra };
    }
  }

  router.post('/jsonRPC', async (ctx) => {
    const call = parseJson((await readBody(ctx)).toString('utf8')) as Record<string, unknown> | undefined;
    const extra = { jsonrpc: '2.0', id: call?.['id'] ?? null };
    const parameters = (call?.['params'] ?? {}) as Parameters;
    answer(ctx, { name: textOf(call?.['method']), parameters }, extra);
  });
  router.get('/:method', (ctx) => answer(ctx, { name: String(ctx['params']['method']), parameters: ctx.query }));
  router.post('/:method', async (ctx) => {
    const parameters = (parseJson((await readBody(ctx)).toString('utf8')) ?? {}) as Parameters;
    answer(ctx, { name: String(ctx['params']['method']), parameters });
  });
  return router;
}

function createMethods({ chain, settings }: ApiDeps): ReadonlyMap<string, (parameters: Parameters) => unknown> {
  function find(parameters: Parameters): StoredAccount {
    const address = parseAddress(textOf(parameters['address']), 'testnet');
    if (!address) throw new V2Error(416, 'Incorrect address');
    const raw = address.toRawString();
    return chain.account(raw) ?? newAccount(raw);
  }

  function send(parameters: Parameters) {
    const boc = Buffer.from(textOf(parameters['boc']), 'base64');
    const sent = chain.send(boc);
    if ('error' in sent) throw new V2Error(500, sent.error);
    if (settings.take('failAfterAccept')) throw new V2Error(500, timedOut);
    return sent;
  }

  function transactions(parameters: Parameters) {
    const account = find(parameters);
    const limit = Number(parameters['limit'] ?? transactionsDefault);
    if (!Number.isInteger(limit) || limit < 1 || limit > transactionsMax) throw new V2Error(422, 'limit: wrong value');
    const fromLt = Number(parameters['lt'] ?? Number.MAX_SAFE_INTEGER);
    const toLt = Number(parameters['to_lt'] ?? 0);
    return chain
      .transactions(chain.head(), account.address)
      .filter(({ lt }) => lt <= fromLt && lt > toLt)
      .slice(0, limit)
      .map(answers.transaction);
  }

  return new Map<string, (parameters: Parameters) => unknown>([
    ['getMasterchainInfo', () => answers.masterchainInfo(chain.head())],
    ['getAddressInformation', (parameters) => answers.addressInformation(find(parameters), chain.head())],
    ['getWalletInformation', (parameters) => answers.walletInformation(find(parameters))],
    ['getAddressBalance', (parameters) => find(parameters).balance],
    ['getAddressState', (parameters) => find(parameters).state],
    ['getTransactions', transactions],
    ['runGetMethod', (parameters) => runGetMethod(find(parameters), parameters, chain)],
    ['sendBoc', (parameters) => (send(parameters), { '@type': 'ok' })],
    [
      'sendBocReturnHash',
      (parameters) => {
        const { rawHash, normalisedHash } = send(parameters);
        const [hash, norm] = [answers.hashBase64(rawHash), answers.hashBase64(normalisedHash)];
        return { '@type': 'raw.extMessageInfo', hash, hash_norm: norm };
      },
    ],
    ['estimateFee', (parameters) => (find(parameters), answers.estimatedFees())],
  ]);
}

const noCode = -13;
const noSuchMethod = 11;

function runGetMethod(account: StoredAccount, parameters: Parameters, chain: Chain) {
  const wallet = readWallet(account);
  const results: Readonly<Record<string, () => unknown[]>> = wallet
    ? {
        seqno: () => [['num', hexNumber(BigInt(wallet.seqno))]],
        get_public_key: () => [['num', hexNumber(BigInt(`0x${wallet.publicKey.toString('hex')}`))]],
        ...(wallet.version === 'v4r2'
          ? { get_subwallet_id: () => [['num', hexNumber(BigInt(wallet.walletId))]] }
          : {
              get_wallet_id: () => [['num', hexNumber(BigInt(wallet.walletId))]],
              is_signature_allowed: () => [['num', wallet.isSignatureAllowed ? '-0x1' : '0x0']],
              get_extensions: () => [['null', null]],
            }),
      }
    : {};
  const method = results[String(parameters['method'])];
  const failure = account.state === 'active' ? noSuchMethod : noCode;
  return answers.methodResult({
    account,
    block: chain.head(),
    exitCode: method ? 0 : failure,
    stack: method?.() ?? [],
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function hexNumber(value: bigint): string {
  return `0x${value.toString(16)}`;
}
