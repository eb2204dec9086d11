import { randomBytes } from 'node:crypto';
import { Router } from '@koa/router';
import { Address } from '@ton/core';
import { toDecimal } from '../../../core/money.ts';
import type { Chain } from './chain.ts';
import type { StoredAccount, StoredExternal, StoredTransaction } from './model.ts';
import type { Settings } from './options.ts';
import { pageStyle } from './page-style.ts';
import { commentOf } from './v2-answers.ts';
import { readWallet } from './wallet-code.ts';

interface PageDeps {
  readonly chain: Chain;
  readonly settings: Settings;
}

const headline = 'Simulator of TON: no real money';
const shownMax = 20;
const refreshSeconds = 4;

/** The chain for a person: the newest block, wallets, messages and payments, and the buttons. Works without scripts. */
export function pageRoutes(deps: PageDeps): Router {
  const router = new Router();
  router.get('/', (ctx) => {
    const nonce = randomBytes(16).toString('base64');
    ctx.set('content-security-policy', `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'`);
    ctx.set('cache-control', 'no-store');
    ctx.type = 'text/html; charset=utf-8';
    ctx.body = page(deps, nonce);
  });
  return router;
}

function page(deps: PageDeps, nonce: string): string {
  const { chain } = deps;
  const head = chain.head();
  const accounts = chain.accounts();
  const wallets = accounts.filter((account) => account.state === 'active' || account.lastLt === 0).slice(0, shownMax);
  const messages = chain.externals().slice(0, shownMax);
  const payments = chain.transactions(head).slice(0, shownMax);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${headline}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${refreshSeconds}">
<style nonce="${nonce}">${pageStyle}</style></head><body><main>
<h1 class="mark">${headline}</h1>
${blockCard(deps)}
${section('Wallets', wallets.map(walletItem), 'No wallet has money yet.')}
${section('Messages', messages.map(messageItem), 'Nothing was sent yet.')}
${section('Transactions', payments.map(transactionItem), 'Nothing happened yet.')}
</main></body></html>`;
}

function blockCard({ chain, settings }: PageDeps): string {
  const head = chain.head();
  const { blockMs, loseNext, indexLagBlocks } = settings.now();
  const paused = chain.blocks.isPaused();
  const every = `${blockMs % 1_000 === 0 ? blockMs / 1_000 : (blockMs / 1_000).toFixed(1)} s`;
  const pace = paused ? 'No new blocks until you go on' : `A new block every ${every}`;
  const which = loseNext === 1 ? 'message' : `${loseNext} messages`;
  const lost = loseNext === 0 ? '' : `<p class="warn">The next ${which} will be lost.</p>`;
  const made = `${new Date(head.atMs).toISOString().replace('T', ' ').slice(0, 19)} UTC`;
  return `<section class="card block"><p class="hint">Block</p>
<p class="number">${head.seqno.toLocaleString('en').replaceAll(',', '\u00a0')}</p>
<p class="hint">${made} · ${pace} · index ${indexLagBlocks} behind</p>
${lost}<div class="acts">
${button('/_sim/blocks', 'Next block', { kind: 'main' })}
${paused ? button('/_sim/resume', 'Go on') : button('/_sim/pause', 'Pause')}
${button('/_sim/lose', 'Lose the next message')}
</div></section>`;
}

function section(title: string, items: readonly string[], none: string): string {
  const list = items.length === 0 ? `<p class="hint none">${none}</p>` : `<ul>${items.join('')}</ul>`;
  return `<section class="card"><h2>${title}</h2>${list}</section>`;
}

function walletItem(account: StoredAccount): string {
  const wallet = readWallet(account);
  const kind = wallet === undefined ? account.state : `${wallet.version} · number ${wallet.seqno}`;
  const acts = wallet ? button('/_sim/foreign', 'Use it elsewhere', { fields: { address: account.address } }) : '';
  const fund = button('/_sim/fund', 'Add 1 000 TON', { fields: { address: account.address } });
  return `<li><div class="line"><strong>${tons(account.balance)}</strong><span class="hint">${kind}</span></div>
<p class="id">${friendly(account.address)}</p><div class="acts">${acts}${fund}</div></li>`;
}

const statusWords: Readonly<Record<StoredExternal['status'], string>> = {
  pending: 'waits for its block',
  included: 'in a block',
  lost: 'lost',
  dropped: 'refused in its block',
};

function messageItem(message: StoredExternal): string {
  const code = message.exitCode === undefined ? '' : `, code ${message.exitCode}`;
  const times = message.sentCount === 1 ? '' : ` · sent ${message.sentCount} times`;
  const lose =
    message.status === 'pending'
      ? `<div class="acts">${button('/_sim/lose', 'Lose it', { fields: { rawHash: message.rawHash } })}</div>`
      : '';
  return `<li><div class="line"><strong class="${message.status}">${statusWords[message.status]}${code}</strong>
<span class="hint">${message.foreign ? 'from somebody else' : `to ${short(message.address)}`}${times}</span></div>
<p class="id">${message.normalisedHash}</p>${lose}</li>`;
}

function transactionItem(transaction: StoredTransaction): string {
  const { inMessage, outMessages, phases } = transaction;
  const skipped = phases.action?.skipped ?? 0;
  const notes = [
    ...(inMessage.source === null ? [] : [`${tons(inMessage.value ?? '0')} from ${short(inMessage.source)}`]),
    ...(inMessage.bounced ? ['came back'] : []),
    ...outMessages.map((out) => {
      const comment = commentOf(out.body);
      const words = comment === undefined || comment === '' ? '' : `: ${escapeHtml(comment.slice(0, 80))}`;
      return `${tons(out.value ?? '0')} to ${short(out.destination)}${words}`;
    }),
    ...(skipped === 0 ? [] : [`${skipped} skipped`]),
    ...(phases.action?.success === false ? ['undone'] : []),
  ];
  return `<li><div class="line"><strong>${short(transaction.account)}</strong>
<span class="hint">block ${transaction.mcSeqno}</span></div>
${notes.map((note) => `<p>${note}</p>`).join('') || '<p class="hint">no message went out</p>'}</li>`;
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

/** `1 000.5 TON`, in groups of three that do not come apart. */
function tons(nano: string): string {
  const [whole = '0', part = ''] = toDecimal({ minor: BigInt(nano), asset: 'TON' }).split('.');
  const fraction = part.replace(/0+$/, '');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, '\u00a0');
  return `${grouped}${fraction === '' ? '' : `.${fraction}`}\u00a0TON`;
}

function friendly(raw: string): string {
  return Address.parseRaw(raw).toString({ bounceable: false });
}

function short(raw: string): string {
  const text = friendly(raw);
  return `${text.slice(0, 6)}…${text.slice(-4)}`;
}

function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
