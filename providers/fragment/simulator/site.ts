import { Router } from '@koa/router';
import type { Context } from 'koa';
import type { ApiDeps } from './api.ts';
import { historyPage, historyRows } from './history.ts';
import type { SimSession } from './model.ts';
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
      const rows = historyRows(deps.orders.list(), { kind, rowsMax: deps.settings.now().historyRowsMax });
      const html = historyPage(rows ?? { body: '', foot: '' });
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
