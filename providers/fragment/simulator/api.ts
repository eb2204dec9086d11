import { Router } from '@koa/router';
import type { Context } from 'koa';
import { parseJson } from '../../../core/json.ts';
import { readBody, type SimulatorParts } from '../../simulator-kit.ts';
import { historyRows } from './history.ts';
import type { SimOrder, SimSession } from './model.ts';
import type { Settings } from './options.ts';
import type { Orders } from './orders.ts';
import { findRecipient, hasPremium, nameOf, tokenOf, usernameOf } from './recipients.ts';
import type { Sessions } from './sessions.ts';
import { escapeHtml, payloadOf, shownAmount } from './texts.ts';
import { cookiesOf, setCookie } from './web.ts';

export interface ApiDeps {
  readonly parts: SimulatorParts;
  readonly settings: Settings;
  readonly sessions: Sessions;
  readonly orders: Orders;
  /** Raw address that is paid to. */
  readonly address: string;
}

/** One call: who calls, and with what. */
interface Call {
  readonly ctx: Context;
  readonly session: SimSession;
  readonly fields: URLSearchParams;
  readonly isLoggedIn: boolean;
  readonly hasWallet: boolean;
}

/** A plain object is an answer, a text an error. */
type Answer = Readonly<Record<string, unknown>> | string;
type Method = (call: Call) => Answer;

const starsMin = 50;
const starsMax = 10_000_000;
const months = [3, 6, 12];

/** `POST /api?hash=…`: the site's private interface, HTTP 200 whatever it says. */
export function apiRoutes(deps: ApiDeps): Router {
  const { settings, sessions } = deps;
  const methods = { ...commonMethods(deps), ...itemMethods(deps, 'stars'), ...itemMethods(deps, 'premium') };
  const router = new Router();
  router.post('/api', async (ctx) => {
    const fields = new URLSearchParams((await readBody(ctx)).toString('utf8'));
    const cookies = cookiesOf(ctx);
    const session = sessions.find(cookies);
    const hash = String(ctx.query['hash'] ?? fields.get('hash') ?? '');
    const method = methods[fields.get('method') ?? ''];
    if (!session) ctx.body = errorBody(settings, 'Session expired');
    else if (!sessions.accepts(session, hash)) ctx.body = errorBody(settings, 'Access denied');
    else if (!method) ctx.body = errorBody(settings, 'Method not found');
    else {
      const isLoggedIn = sessions.isLoggedIn(cookies);
      const answer = method({ ctx, session, fields, isLoggedIn, hasWallet: sessions.hasWallet(session, cookies) });
      ctx.body = typeof answer === 'string' ? errorBody(settings, answer) : answer;
    }
  });
  return router;
}

function errorBody(settings: Settings, text: string): object {
  const { error } = settings.now();
  if (error === 'object') return { error: { error: text } };
  return { error: error === 'escaped' ? escapeHtml(text) : text };
}

function commonMethods({ sessions, orders }: ApiDeps): Record<string, Method> {
  return {
    updateStarsBuyState: ({ fields }) => ({
      ok: true,
      mode: fields.get('mode') ?? 'new',
      dh: Number(fields.get('dh') ?? 0),
      need_update: false,
      html: '',
      options_html: '',
    }),
    updatePremiumState: ({ fields }) => ({ ok: true, mode: fields.get('mode') ?? 'new', need_update: false, html: '' }),
    checkTonProofAuth({ ctx, session, fields, isLoggedIn }) {
      if (!isLoggedIn) return 'Session expired';
      const token = sessions.link(session, fields);
      if (token === undefined) return 'Access denied';
      setCookie(ctx, 'stel_ton_token', token);
      return { ok: true };
    },
    // What counts for it is the chain: it takes any boc, and does nothing with it.
    confirmReq({ fields }) {
      const order = orders.find(fields.get('id') ?? '');
      if (order?.ref === undefined) return 'Unknown error';
      orders.confirm(order);
      return { ok: true };
    },
  };
}

function itemMethods(deps: ApiDeps, kind: SimOrder['kind']): Record<string, Method> {
  const isStars = kind === 'stars';
  const amountField = isStars ? 'quantity' : 'months';
  return {
    [isStars ? 'searchStarsRecipient' : 'searchPremiumGiftRecipient']: ({ fields }) => search(fields, kind),
    [isStars ? 'initBuyStarsRequest' : 'initGiftPremiumRequest']: (call) => init(deps, call, { kind, amountField }),
    [isStars ? 'getBuyStarsLink' : 'getGiftPremiumLink']: (call) => link(deps, call, kind),
    [isStars ? 'getStarsHistory' : 'getPremiumHistory']: (call) => olderRows(deps, call, kind),
    ...(isStars ? { updateStarsPrices: ({ fields }) => prices(deps, fields) } : {}),
  };
}

function search(fields: URLSearchParams, kind: SimOrder['kind']): Answer {
  const found = findRecipient(fields.get('query') ?? '', kind);
  if ('error' in found) return found.error;
  const { username } = found;
  return {
    ok: true,
    found: {
      myself: false,
      recipient: tokenOf(username),
      photo: '<img src="data:image/svg+xml,%3Csvg/%3E">',
      name: escapeHtml(nameOf(username)),
    },
  };
}

/** What the link below a history's rows asks for. */
function olderRows({ orders, settings }: ApiDeps, call: Call, kind: SimOrder['kind']): Answer {
  if (!call.isLoggedIn || !call.hasWallet) return 'Session expired';
  const offset = call.fields.get('offset_id') ?? '';
  const rows = historyRows(orders.list(), { kind, offset, rowsMax: settings.now().historyRowsMax });
  return rows === undefined ? 'Bad request' : { ok: true, ...rows };
}

function prices({ settings }: ApiDeps, fields: URLSearchParams): Answer {
  const nano = BigInt(fields.get('quantity') || starsMin) * BigInt(settings.now().starPriceNano);
  const [whole = '0', fraction = '00'] = shownAmount(nano.toString(), 4).split('.');
  const price = `<span class="icon-ton">${whole}<span class="mini-frac">.${fraction}</span></span> ~ &#036;0.75`;
  return { ok: true, cur_price: price, options_html: '', dh: 1 };
}

function init(
  { orders, settings }: ApiDeps,
  { fields, isLoggedIn }: Call,
  { kind, amountField }: { readonly kind: SimOrder['kind']; readonly amountField: string },
): Answer {
  const recipient = usernameOf(fields.get('recipient') ?? '');
  const quantity = Number(fields.get(amountField));
  const isSold = kind === 'stars' ? quantity >= starsMin && quantity <= starsMax : months.includes(quantity);
  if (recipient === undefined || !Number.isInteger(quantity) || !isSold) return 'Bad request';
  if (kind === 'premium' && hasPremium(recipient)) {
    return 'This account is already subscribed to Telegram Premium.';
  }
  // Without a log-in there is no error, and no id either.
  if (!isLoggedIn) return { ok: true, content: '', mode: 'new' };
  const order = orders.open({ kind, quantity, recipient });
  const amount = shownAmount(order.amountNano);
  const isNumber = settings.now().amount === 'number';
  return {
    ok: true,
    req_id: order.reqId,
    myself: false,
    to_bot: false,
    amount: isNumber ? Number(amount.replaceAll(',', '')) : amount,
    content: `<div>${amount}</div>`,
    mode: 'new',
    button: 'Buy',
  };
}

function link({ orders, settings, address, parts }: ApiDeps, call: Call, kind: SimOrder['kind']): Answer {
  const { session, fields } = call;
  const { kycRequired, payload } = settings.now();
  const account = parseJson(fields.get('account') ?? '') as { address?: unknown } | undefined;
  if (!call.isLoggedIn || !call.hasWallet) return 'Unknown error';
  if (fields.has('account') && account?.address !== session.address) return 'Unknown error';
  if (kycRequired) return { need_verify: true };
  const showSender = fields.get('show_sender') === '1';
  const order = orders.ask(fields.get('id') ?? '', { kind, showSender, address: session.address });
  if (!order) return 'Unknown error';
  parts.logger.debug({ reqId: order.reqId }, 'a payment was asked for');
  return {
    ok: true,
    transaction: {
      validUntil: Math.floor(order.validUntilMs / 1_000),
      ...(fields.has('account') ? { from: session.address } : {}),
      messages: [{ address, amount: order.amountNano, payload: payloadOf(order, payload, orders.list().length) }],
    },
    confirm_method: 'confirmReq',
    confirm_params: { id: order.reqId },
  };
}
