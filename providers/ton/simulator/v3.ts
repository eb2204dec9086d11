import { Router } from '@koa/router';
import type { Context } from 'koa';
import { parseJson } from '../../../core/json.ts';
import { readBody } from '../../simulator-kit.ts';
import { parseAddress } from '../cells.ts';
import { accessGuard } from './access.ts';
import type { StoredMessage, StoredTransaction } from './model.ts';
import type { ApiDeps } from './v2.ts';
import { hashBase64 } from './v2-answers.ts';
import * as answers from './v3-answers.ts';
import { readWallet } from './wallet-code.ts';

const pageMax = 1_000;

/** The index's API, version 3: the same chain, some blocks behind. */
export function v3Routes(deps: ApiDeps): Router {
  const { chain, settings } = deps;
  const router = new Router({ prefix: '/api/v3' });
  const word = (code: number, text: string) => ({ code, error: text });
  router.use(accessGuard({ ...deps, word }));
  const visible = () => chain.transactions(chain.indexHead());
  const list = (ctx: Context, found: readonly StoredTransaction[]) => {
    ctx.body = { transactions: page(ctx, found).map(answers.transaction), address_book: {}, metadata: {} };
  };

  router.get('/masterchainInfo', (ctx) => {
    ctx.body = answers.masterchainInfo(chain.indexHead());
  });
  router.get('/transactionsByMessage', (ctx) => {
    const hash = hashParameter(ctx, 'msg_hash');
    if (hash === undefined) return fail(ctx, 422, 'msg_hash is required');
    const direction = String(ctx.query['direction'] ?? '');
    list(
      ctx,
      visible().filter((one) => involves(one, { hash, direction })),
    );
  });
  router.get('/transactions', (ctx) => {
    const account = addressParameter(ctx, 'account');
    const startLt = Number(ctx.query['start_lt'] ?? 0);
    const found = visible().filter((one) => (account === undefined || one.account === account) && one.lt >= startLt);
    list(ctx, ctx.query['sort'] === 'asc' ? found.reverse() : found);
  });
  router.get('/traces', (ctx) => {
    const hash = hashParameter(ctx, 'msg_hash') ?? hashParameter(ctx, 'tx_hash');
    const all = visible();
    const ids = new Set(
      all.filter((one) => one.hash === hash || involves(one, { hash, direction: '' })).map(({ traceId }) => traceId),
    );
    const traces = [...ids].map((id) => all.filter(({ traceId }) => traceId === id).reverse());
    ctx.body = { traces: traces.map(answers.trace), address_book: {}, metadata: {} };
  });
  router.get('/messages', (ctx) => {
    const [bodyHash, source] = [hashParameter(ctx, 'body_hash'), addressParameter(ctx, 'source')];
    const found = messagesOf(visible()).filter(
      ({ message }) =>
        (bodyHash === undefined || message.bodyHash === bodyHash) &&
        (source === undefined || message.source === source),
    );
    ctx.body = { messages: page(ctx, found).map(({ message }) => answers.message(message)), address_book: {} };
  });
  router.get('/walletStates', (ctx) => {
    const wallets = [ctx.query['address'] ?? []].flat().flatMap((text) => {
      const address = parseAddress(text, 'testnet');
      const account = address && chain.account(address.toRawString());
      return account ? [answers.walletState(account, readWallet(account))] : [];
    });
    ctx.body = { wallets, address_book: {}, metadata: {} };
  });
  router.post('/message', async (ctx) => {
    const body = parseJson((await readBody(ctx)).toString('utf8')) as { boc?: unknown } | undefined;
    if (typeof body?.boc !== 'string') return fail(ctx, 422, 'boc is required');
    const sent = chain.send(Buffer.from(body.boc, 'base64'));
    if ('error' in sent) return fail(ctx, 500, sent.error);
    if (settings.take('failAfterAccept')) return fail(ctx, 500, 'timeout');
    ctx.body = { message_hash: hashBase64(sent.rawHash), message_hash_norm: hashBase64(sent.normalisedHash) };
  });
  return router;
}

function fail(ctx: Context, code: number, error: string): void {
  ctx.status = code;
  ctx.body = { code, error };
}

/** A hash in hex, base64 or base64url. */
function hashParameter(ctx: Context, name: string): string | undefined {
  const text = ctx.query[name];
  if (typeof text !== 'string' || text === '') return undefined;
  if (/^(0x)?[\da-f]{64}$/i.test(text)) return text.replace(/^0x/i, '').toLowerCase();
  const bytes = Buffer.from(text.replaceAll(' ', '+'), 'base64');
  return bytes.length === 32 ? bytes.toString('hex') : undefined;
}

function addressParameter(ctx: Context, name: string): string | undefined {
  const text = ctx.query[name];
  return typeof text === 'string' ? (parseAddress(text, 'testnet')?.toRawString() ?? text) : undefined;
}

function page<T>(ctx: Context, items: readonly T[]): readonly T[] {
  const limit = Math.min(pageMax, Number(ctx.query['limit'] ?? 10) || 10);
  const offset = Number(ctx.query['offset'] ?? 0) || 0;
  return items.slice(offset, offset + limit);
}

function involves(
  { inMessage, outMessages }: StoredTransaction,
  { hash, direction }: { hash: string | undefined; direction: string },
): boolean {
  const is = (message: StoredMessage) => message.hash === hash || message.normalisedHash === hash;
  return (direction !== 'out' && is(inMessage)) || (direction !== 'in' && outMessages.some(is));
}

/** Every message once, although it stands in two transactions. */
function messagesOf(transactions: readonly StoredTransaction[]): { message: StoredMessage }[] {
  const found = new Map<string, StoredMessage>();
  for (const { inMessage, outMessages } of transactions) {
    for (const message of [inMessage, ...outMessages]) found.set(message.hash, message);
  }
  return [...found.values()].map((message) => ({ message }));
}
