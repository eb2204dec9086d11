import { Router } from '@koa/router';
import type { Context } from 'koa';
import type { ApiDeps } from './api.ts';
import type { SimOrder, SimPayment, SimSession } from './model.ts';
import { escapeHtml, shownAmount } from './texts.ts';
import { cookiesOf, setCookie } from './web.ts';

const paths = ['/stars', '/stars/buy', '/premium', '/premium/gift'];

/** The site's own pages: those that sell, which hold the token of API calls, and the two histories. */
export function siteRoutes(deps: ApiDeps): Router {
  const router = new Router();
  router.get(paths, (ctx) => {
    const session = sessionOf(deps, ctx);
    ctx.type = 'text/html; charset=utf-8';
    ctx.body = shopPage(session, deps.sessions.hashOf(session));
  });
  for (const kind of ['stars', 'premium'] as const) {
    router.get(`/${kind}/history`, (ctx) => {
      const cookies = cookiesOf(ctx);
      const session = deps.sessions.find(cookies);
      if (!session || !deps.sessions.isLoggedIn(cookies) || !deps.sessions.hasWallet(session, cookies)) {
        return ctx.redirect('/stars/buy');
      }
      const html = historyPage(deps.orders.list(), kind);
      ctx.body = ctx.get('x-requested-with') === 'XMLHttpRequest' ? { h: html, j: '' } : html;
    });
  }
  return router;
}

/** The visitor's session; one that is not known gets a new one with its cookie. */
export function sessionOf({ sessions }: Pick<ApiDeps, 'sessions'>, ctx: Context): SimSession {
  const known = sessions.find(cookiesOf(ctx));
  if (known) return known;
  const session = sessions.create();
  setCookie(ctx, 'stel_ssid', session.ssid);
  return session;
}

/** What the site's script is started with. */
function scriptOf({ proofPayload }: SimSession, hash: string): string {
  const init = JSON.stringify({ version: 1, apiUrl: `/api?hash=${hash}` }).replaceAll('/', '\\/');
  const wallet = JSON.stringify({ state: false, has_wallet: false, ton_proof: proofPayload });
  return `ajInit(${init});Wallet.init(${wallet});`;
}

function shopPage(session: SimSession, hash: string): string {
  return `<!DOCTYPE html><html><head><title>Buy Telegram Stars</title></head><body><main>Stars</main>
<script>${scriptOf(session, hash)}</script></body></html>`;
}

function historyPage(orders: readonly SimOrder[], kind: SimOrder['kind']): string {
  const rows = orders
    .filter((order) => order.kind === kind)
    .flatMap((order) => order.payments.map((payment) => ({ order, payment })))
    .filter(({ payment }) => payment.state === 'delivered')
    .toSorted((a, b) => (b.payment.deliveredAtMs ?? 0) - (a.payment.deliveredAtMs ?? 0))
    .map(row);
  return `<section><table class="table tm-table"><thead>
<tr><th>To</th><th>Item</th><th>Price</th><th>Date</th></tr></thead>
<tbody>${rows.join('') || '<tr><td colspan="4">No purchases yet</td></tr>'}</tbody></table></section>`;
}

const priceStep = 10_000_000n;

/** A line of the history; prices are rounded to a hundredth. */
function row({ order, payment }: { order: SimOrder; payment: SimPayment }): string {
  const { kind, quantity, recipient } = order;
  const bought =
    kind === 'stars'
      ? `${quantity.toLocaleString('en-US')} Stars`
      : `Telegram Premium for ${quantity === 12 ? '1 year' : `${quantity} months`}`;
  const nano = ((BigInt(payment.amountNano) + priceStep / 2n) / priceStep) * priceStep;
  const [whole = '0', fraction = '00'] = shownAmount(nano.toString()).split('.');
  const at = new Date(payment.deliveredAtMs ?? 0).toISOString().replace(/\.\d+Z$/, '+00:00');
  return `<tr class="tm-row-selectable">
<td><a href="https://t.me/${recipient}" class="tm-value">
<span class="accent-color">@</span>${escapeHtml(recipient)}</a></td>
<td><div class="table-cell-value">${bought}</div></td>
<td><div class="table-cell-value tm-value icon-before icon-ton">
${whole}<span class="mini-frac">.${fraction}</span></div></td>
<td><div class="table-cell-desc"><time datetime="${at}" class="short">${at.slice(0, 10)}</time></div></td></tr>`;
}
