import type { InlineKeyboardButton } from '@grammyjs/types';
import { type Money, money } from '../core/money.ts';
import { type Asset, isAsset } from '../core/assets.ts';
import type { GenerationFailure } from '../core/flows/generation.ts';
import type { TopupFailure } from '../core/flows/topup.ts';
import { isUuid } from '../core/ids.ts';
import { limits } from '../core/limits.ts';
import { creditedOf } from '../core/pricing/grants.ts';
import type { BotDrafts } from '../db/bot-drafts.ts';
import type { Generation, Generations } from '../db/generations.ts';
import { shownKey } from '../db/status-messages.ts';
import type { StarPurchase, StarPurchases } from '../db/star-purchases.ts';
import type { Topups } from '../db/topups.ts';
import type { LedgerReads } from '../ledger/reads.ts';
import { readFunds } from './credits.ts';
import { shorten } from './html.ts';
import { button, type Keyboard } from './keyboards.ts';
import { starItemText, starNotice, starStatus } from './star-notices.ts';
import { differenceHtml } from './topup-words.ts';
import type { Words } from './words.ts';

/** A row of the outbox, as far as its text depends on it. */
export interface NoticeRow {
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A message to a person. */
export interface Notice {
  readonly html: string;
  readonly keyboard: Keyboard;
}

/** What the status message of a generation shows now. */
export interface StatusView extends Notice {
  /** The message becomes the order's first picture, with `html` below it. */
  readonly picture: boolean;
  /** The provider is at work: the chat says that a photo is being sent. */
  readonly busy: boolean;
  /** What of the order the message depends on: see `shownKey`. */
  readonly shown: string;
}

export interface NoticesDeps {
  readonly words: (language: string) => Words;
  readonly ledger: Pick<LedgerReads, 'wallets'>;
  readonly generations: Pick<Generations, 'find' | 'queuePosition'>;
  readonly topups: Pick<Topups, 'find'>;
  readonly starPurchases: Pick<StarPurchases, 'find'>;
  readonly drafts: Pick<BotDrafts, 'findStars' | 'latestStars'>;
}

interface Recipient {
  readonly id: string;
  readonly language: string;
}

export type Notices = ReturnType<typeof createNotices>;

const excerptUnitsMax = 300;

/** Texts of news and of status messages, made when they are sent: in the language of that moment, with its balance. */
export function createNotices(deps: NoticesDeps) {
  return {
    /** The message that tells a fact; undefined for what no chat is told. */
    async renderNotice(row: NoticeRow, person: Recipient): Promise<Notice | undefined> {
      const words = deps.words(person.language);
      const [flow, fact = ''] = row.kind.split('.');
      if (flow === 'topup') return topupNotice(deps, { words, person, fact, data: row.data });
      if (flow === 'generation') return generationNotice(deps, { words, person, fact, data: row.data });
      if (flow === 'star_purchase') {
        const purchase = await deps.starPurchases.find(textOf(row.data, 'purchaseId'), person.id);
        if (purchase === null) return undefined;
        return starNotice(purchase, words, { fact, namesFragment: await namesFragment(deps, purchase) });
      }
      return undefined;
    },

    /** The status message of a star purchase as it stands. */
    async renderStarStatus(purchase: StarPurchase, language: string): Promise<Notice> {
      return starStatus(purchase, deps.words(language), { namesFragment: await namesFragment(deps, purchase) });
    },

    /** The status message of a generation as it stands. */
    async renderStatus(generation: Generation, language: string): Promise<StatusView> {
      const { status, progress } = generation;
      const isQueued = status === 'accepted' || status === 'reserved';
      const position = isQueued ? await deps.generations.queuePosition(generation) : null;
      const place = position === null ? null : Math.min(position, limits.queuePositionInChatMax);
      return { ...statusOf(generation, place, deps.words(language)), shown: shownKey({ status, progress, place }) };
    },
  };
}

/** Whether Stars were asked for by the command that names Fragment: its answer does, too (S6). */
async function namesFragment({ drafts }: NoticesDeps, { id, userId, kind, status }: StarPurchase): Promise<boolean> {
  if (kind !== 'stars' || status !== 'delivered') return false;
  return (await drafts.findStars(id, userId))?.body.namesFragment ?? false;
}

interface Telling {
  readonly words: Words;
  readonly person: Recipient;
  readonly fact: string;
  readonly data: Readonly<Record<string, unknown>>;
}

async function topupNotice(deps: NoticesDeps, { words, person, fact, data }: Telling): Promise<Notice | undefined> {
  const help = [button(words.plain('button-paysupport'), 'paysup')];
  if (fact === 'credited') {
    const amount = amountOf(data, 'amountMinor');
    const balance = words.money(await readFunds(deps.ledger, person.id, amount.asset));
    const variables = { amount: words.money(amount), balance };
    const why = await whyOtherwise(deps, { words, person, data }, amount);
    const next = amount.asset === 'TON' ? await starsButton(deps, words, person) : generateButton(words);
    const keyboard = [[next], [button(words.plain('button-balance'), 'bal')]];
    return { html: words.html('notice-topup-credited', variables) + paragraph(why), keyboard };
  }
  if (fact === 'refunded') return refundNotice(words, data);
  const topup = await deps.topups.find(textOf(data, 'topupId'), person.id);
  if (topup === null) return undefined;
  // Whoever gave it up has seen so on the screen where they did.
  if (topup.failureCode === 'canceled_by_user') return undefined;
  const title = words.money(money(topup.grantsMinor, topup.grantsAsset));
  const again = [button(words.plain('button-recharge'), 'top')];
  const reason = topup.failureCode === null ? '' : words.html(topupFailureKey(topup.failureCode));
  switch (fact) {
    case 'canceled':
    case 'expired':
      return { html: words.html(`notice-topup-${fact}`, { title }) + paragraph(reason), keyboard: [again, help] };
    case 'needs_attention':
      return { html: words.html('notice-topup-attention', { title }) + paragraph(reason), keyboard: [help] };
    default:
      return undefined;
  }
}

/** Why a credit is not what was ordered; empty where it is, or where it is another payment's than the order's own. */
async function whyOtherwise(
  deps: NoticesDeps,
  { words, person, data }: Omit<Telling, 'fact'>,
  amount: Money,
): Promise<string> {
  const topupId = textOf(data, 'topupId');
  const topup = isUuid(topupId) ? await deps.topups.find(topupId, person.id) : null;
  if (topup === null || creditedOf(topup)?.minor !== amount.minor) return '';
  return differenceHtml(topup, words) ?? '';
}

/** Back to the purchase that wanted the money, or to a new one. */
async function starsButton({ drafts }: NoticesDeps, words: Words, { id }: Recipient): Promise<InlineKeyboardButton> {
  const latest = await drafts.latestStars(id);
  const { kind = null, quantity = null, recipient = null } = latest?.body ?? {};
  if (latest === null || kind === null || quantity === null || recipient === null) {
    return button(words.plain('button-stars-buy-some'), 'stars');
  }
  const what = starItemText({ kind, quantity }, words);
  return button(words.plain('button-stars-go-on', { what, username: recipient }), 'starprice', latest.id);
}

function generateButton(words: Words): InlineKeyboardButton {
  return button(words.plain('button-generate'), 'gen');
}

/** Money that went back to where it came from, with the credits that it had bought. */
function refundNotice(words: Words, data: Telling['data']): Notice {
  const takenBack = money(BigInt(textOf(data, 'takenBackMinor')), 'CREDIT');
  const html = words.html('notice-topup-refunded', { amount: words.money(amountOf(data, 'amountMinor')) });
  const credits =
    takenBack.minor === 0n ? '' : words.html('notice-topup-taken-back', { credits: words.money(takenBack) });
  const keyboard = [[button(words.plain('button-balance'), 'bal'), button(words.plain('button-paysupport'), 'paysup')]];
  return { html: html + (credits === '' ? '' : `\n${credits}`), keyboard };
}

async function generationNotice(deps: NoticesDeps, telling: Telling): Promise<Notice | undefined> {
  const { words, person, fact, data } = telling;
  const generation = await deps.generations.find(textOf(data, 'generationId'), person.id);
  if (generation === null) return undefined;
  const prompt = shorten(generation.promptExcerpt, excerptUnitsMax);
  const { id } = generation;
  const open = [button(words.plain('button-open-result'), 'open', id)];
  const again = [button(words.plain('button-again'), 'again', id)];
  switch (fact) {
    case 'succeeded': {
      const charged = words.money(amountOf(data, 'chargedMinor'));
      return { html: words.html('notice-generation-succeeded', { prompt, charged }), keyboard: [open] };
    }
    case 'failed':
      return { html: failureHtml(generation, words), keyboard: [again] };
    case 'late_result':
      return { html: words.html('notice-generation-late', { prompt }), keyboard: [open] };
    case 'needs_attention':
      return { html: words.html('status-attention', { prompt }), keyboard: [supportRow(words)] };
    default:
      return undefined;
  }
}

function statusOf(generation: Generation, place: number | null, words: Words): Omit<StatusView, 'shown'> {
  const { id, status } = generation;
  const prompt = shorten(generation.promptExcerpt, excerptUnitsMax);
  const price = words.money(money(generation.priceMinor, generation.priceAsset));
  const still = { picture: false, busy: false };
  switch (status) {
    case 'accepted':
    case 'reserved': {
      const keyboard = [[button(words.plain('button-take-back', { price }), 'stop', id)]];
      const html = words.html('status-queued', { prompt, price }) + paragraph(placeOf(place, words));
      return { ...still, html, keyboard };
    }
    case 'submitted':
    case 'running': {
      const { progress } = generation;
      const html =
        progress === null || progress <= 0 || progress >= 100
          ? words.html('status-drawing', { prompt })
          : words.html('status-progress', { prompt, percent: progress, bar: barOf(progress) });
      return { ...still, busy: true, html, keyboard: [] };
    }
    case 'succeeded': {
      const charged = words.money(money(generation.capturedMinor ?? generation.priceMinor, generation.priceAsset));
      const html = words.html('status-succeeded', { prompt, charged });
      return { html, keyboard: resultKeyboard(id, words), picture: true, busy: false };
    }
    case 'failed':
      return { ...still, html: failureHtml(generation, words), keyboard: failedKeyboard(id, words) };
    case 'canceled': {
      const keyboard = [[button(words.plain('button-again'), 'again', id)]];
      return { ...still, html: words.html('status-canceled', { prompt, price }), keyboard };
    }
    case 'refused':
      return { ...still, html: words.html('generation-failure-insufficient-funds'), keyboard: refusedKeyboard(words) };
    case 'needs_attention':
      return { ...still, html: words.html('status-attention', { prompt }), keyboard: [supportRow(words)] };
  }
}

function placeOf(place: number | null, words: Words): string {
  if (place === null) return '';
  if (place < limits.queuePositionInChatMax) return words.html('status-place', { place: words.place(place) });
  return words.html('status-place-far', { count: limits.queuePositionInChatMax - 1 });
}

/** The buttons below a picture: they work for as long as the order is kept. */
export function resultKeyboard(id: string, words: Words): Keyboard {
  return [
    [button(words.plain('button-again'), 'again', id), button(words.plain('button-input'), 'input', id)],
    [button(words.plain('button-file'), 'file', id)],
  ];
}

function failedKeyboard(id: string, words: Words): Keyboard {
  return [[button(words.plain('button-again'), 'again', id), button(words.plain('button-models'), 'gen')]];
}

function refusedKeyboard(words: Words): Keyboard {
  return [[button(words.plain('button-recharge'), 'top')], [button(words.plain('button-menu'), 'menu')]];
}

function supportRow(words: Words) {
  return [button(words.plain('button-support'), 'sup')];
}

/** What happened, what became of the money, what to do. */
function failureHtml(generation: Generation, words: Words): string {
  const { failureCode, priceMinor, priceAsset } = generation;
  const prompt = shorten(generation.promptExcerpt, excerptUnitsMax);
  const reason = words.html(generationFailureKey(failureCode ?? 'generation_failed'));
  return (
    words.html('status-failed', { prompt }) +
    paragraph(reason) +
    paragraph(words.html('returned', { amount: words.money(money(priceMinor, priceAsset)) }))
  );
}

/** The text of a code; the tests prove that each has one. */
export function generationFailureKey(code: GenerationFailure): string {
  return `generation-failure-${code.replaceAll('_', '-')}`;
}

/** The text of a code of a top-up. */
export function topupFailureKey(code: TopupFailure): string {
  return `topup-failure-${code.replaceAll('_', '-')}`;
}

function barOf(percent: number): string {
  const full = Math.round(percent / 10);
  return '▰'.repeat(full) + '▱'.repeat(10 - full);
}

function paragraph(html: string): string {
  return html === '' ? '' : `\n\n${html}`;
}

function textOf(data: Readonly<Record<string, unknown>>, name: string): string {
  const value = data[name];
  if (typeof value !== 'string') throw new Error(`a notice has no ${name}`);
  return value;
}

function amountOf(data: Readonly<Record<string, unknown>>, name: string) {
  const asset = textOf(data, 'asset');
  if (!isAsset(asset)) throw new Error('a notice names an asset that we do not know');
  return money(BigInt(textOf(data, name)), asset satisfies Asset);
}
