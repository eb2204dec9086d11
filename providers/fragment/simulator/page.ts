import { randomBytes } from 'node:crypto';
import { Router } from '@koa/router';
import type { ApiDeps } from './api.ts';
import { type SimOrder, stateOf } from './model.ts';
import { pageStyle } from './page-style.ts';
import { sessionOf } from './site.ts';
import { escapeHtml, shownAmount } from './texts.ts';

const headline = 'Simulator of Fragment: no real money, no real Stars';
const shownMax = 30;
const refreshSeconds = 4;

/** Orders, log-in and options for a person. Works without scripts. */
export function pageRoutes(deps: ApiDeps): Router {
  const router = new Router();
  router.get('/', (ctx) => {
    sessionOf(deps, ctx);
    const nonce = randomBytes(16).toString('base64');
    ctx.set('content-security-policy', `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'`);
    ctx.set('cache-control', 'no-store');
    ctx.type = 'text/html; charset=utf-8';
    ctx.body = page(deps, nonce);
  });
  return router;
}

function page(deps: ApiDeps, nonce: string): string {
  const orders = deps.orders.list().filter((order) => order.ref !== undefined);
  const items = orders.slice(0, shownMax).map((order) => orderItem(order, deps.parts.clock.nowMs()));
  const list = items.length === 0 ? '<p class="hint none">Nothing was bought yet.</p>' : `<ul>${items.join('')}</ul>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Simulator of Fragment</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="${refreshSeconds}">
<style nonce="${nonce}">${pageStyle}</style></head><body><main>
<p class="mark">${headline}</p>
${accountCard(deps)}
${deliveryCard(deps)}
<section class="card"><h2>Orders</h2>${list}</section>
</main></body></html>`;
}

function accountCard({ sessions }: ApiDeps): string {
  const { loggedIn } = sessions.account();
  const linked = sessions.list().some(({ address }) => address !== undefined);
  const [kind, words] = loggedIn ? ['good', 'Logged in'] : ['bad', 'The log-in has ended'];
  const hint = loggedIn
    ? `Our wallet is ${linked ? '' : 'not '}linked. What ends by itself is renewed by the shop; a log-in is not.`
    : 'Only a person can mend it: on the real site by a new log-in, here by a button.';
  const acts = loggedIn
    ? button('/_sim/session/expire/session', 'End the session') +
      button('/_sim/session/expire/wallet', 'Forget the wallet') +
      button('/_sim/session/expire/login', 'End the log-in')
    : button('/_sim/session/login', 'Log in again', { kind: 'main' });
  return `<section class="card block"><h1 class="${kind}">${words}</h1><p class="hint">${hint}</p>
<div class="acts">${acts}</div></section>`;
}

const deliveryWords = {
  auto: 'What is paid is delivered.',
  hold: 'What is paid waits for a button below.',
  refuse: 'What is paid is refused.',
  lose: 'What is paid is lost without a word.',
} as const;

function deliveryCard({ settings }: ApiDeps): string {
  const { delivery, kycRequired, guarded } = settings.now();
  const set = (fields: Record<string, string>, label: string) => button('/_sim/options', label, { fields });
  const acts = [
    ...(delivery === 'auto' ? [] : [set({ delivery: 'auto' }, 'Deliver')]),
    ...(delivery === 'hold' ? [] : [set({ delivery: 'hold' }, 'Let it wait')]),
    ...(delivery === 'lose' ? [] : [set({ delivery: 'lose' }, 'Lose it')]),
    set({ kycRequired: String(!kycRequired) }, kycRequired ? 'Ask for no verification' : 'Ask for verification'),
    set({ guarded: String(!guarded) }, guarded ? 'Let calls pass' : 'Block all calls'),
  ];
  const notes = [
    deliveryWords[delivery],
    ...(kycRequired ? ['New payments ask for verification.'] : []),
    ...(guarded ? ['The guard lets nobody pass.'] : []),
  ];
  return `<section class="card block"><p>${notes.join(' ')}</p><div class="acts">${acts.join('')}</div></section>`;
}

const stateWords: Readonly<Record<ReturnType<typeof stateOf>, string>> = {
  open: 'has a price',
  asked: 'waits for its payment',
  waiting: 'paid, on its way',
  delivered: 'delivered',
  refused: 'refused',
  lost: 'lost',
};

function orderItem(order: SimOrder, nowMs: number): string {
  const state = stateOf(order);
  const bought = order.kind === 'stars' ? `${order.quantity} Stars` : `${order.quantity} months of Premium`;
  const isOver = state === 'asked' && (order.validUntilMs ?? 0) < nowMs;
  const times = order.payments.length > 1 ? ` · paid ${order.payments.length} times` : '';
  const late = order.payments.some(({ isLate }) => isLate) ? ' · paid late' : '';
  const path = `/_sim/orders/${order.reqId}`;
  const acts =
    state === 'waiting'
      ? button(`${path}/deliver`, 'Deliver now', { kind: 'main' }) +
        button(`${path}/refuse`, 'Refuse') +
        button(`${path}/lose`, 'Lose it')
      : '';
  return `<li><div class="line"><strong>${bought} for @${escapeHtml(order.recipient)}</strong>
<span class="${state}">${isOver ? 'was not paid in time' : stateWords[state]}${times}${late}</span></div>
<p class="hint">${shownAmount(order.amountNano)}\u00a0TON · Ref#${escapeHtml(order.ref ?? '')}</p>
${acts === '' ? '' : `<div class="acts">${acts}</div>`}</li>`;
}

interface ButtonOptions {
  readonly kind?: 'main';
  readonly fields?: Readonly<Record<string, string>>;
}

function button(path: string, label: string, { kind, fields = {} }: ButtonOptions = {}): string {
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`,
  );
  const style = kind === undefined ? '' : ` class="${kind}"`;
  return `<form method="post" action="${path}">${inputs.join('')}<button${style}>${label}</button></form>`;
}
