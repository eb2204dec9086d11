import { type Money, money } from '../../core/money.ts';
import type { StarShelf } from '../../core/pricing/catalogue.ts';
import type { StarQuote } from '../../db/star-quotes.ts';
import type { BotContext } from '../context.ts';
import { readFunds } from '../credits.ts';
import type { BotDeps } from '../deps.ts';
import { shorten } from '../html.ts';
import { button, type Keyboard, rows } from '../keyboards.ts';
import type { Screen } from '../screen.ts';
import type { StarProposal } from '../star-drafting.ts';
import { starItemText } from '../star-notices.ts';
import type { Words } from '../words.ts';

const presetsPerRow = 3;
const recipientsMax = 5;
const nameUnitsMax = 64;
const packsMax = 2;

/** Where nothing of the kind is sold. */
export function notSoldScreen({ words }: BotContext): Screen {
  return { html: words.html('stars-not-sold'), keyboard: [[button(words.plain('button-back'), 'menu')]] };
}

/** How many Stars, or how long Premium. `lead` says what has just been refused. */
export async function amountScreen(
  deps: BotDeps,
  ctx: BotContext,
  { shelf, proposal, lead }: { shelf: StarShelf; proposal: StarProposal; lead?: string },
): Promise<Screen> {
  const { words, person } = ctx;
  const { id } = proposal;
  const balance = words.money(await readFunds(deps.ledger, person.id, 'TON'));
  const presets = shelf.presets.map((preset) => {
    const label = starItemText({ kind: 'stars', quantity: preset }, words);
    return button(label, 'starsof', String(preset), id);
  });
  return {
    html: withLead(lead, words.html('stars', { balance, ...bounds(shelf) })) + recipientLine(proposal, words),
    keyboard: [
      ...rows(presets, presetsPerRow),
      ...premiumRows(shelf, id, words),
      [button(words.plain('button-back'), 'menu')],
    ],
    scene: { name: 'stars', proposalId: id, asks: 'amount' },
  };
}

/** How long Premium. `lead` says what has just been refused. */
export async function monthsScreen(
  deps: BotDeps,
  ctx: BotContext,
  { shelf, proposal, lead }: { shelf: StarShelf; proposal: StarProposal; lead?: string },
): Promise<Screen> {
  const { words, person } = ctx;
  const balance = words.money(await readFunds(deps.ledger, person.id, 'TON'));
  const others = [button(words.plain('button-stars'), 'stars'), button(words.plain('button-back'), 'menu')];
  return {
    html: withLead(lead, words.html('premium', { balance })) + recipientLine(proposal, words),
    keyboard: [...premiumRows(shelf, proposal.id, words), others],
    scene: { name: 'stars', proposalId: proposal.id, asks: 'amount' },
  };
}

function premiumRows({ premiumMonths }: StarShelf, id: string, words: Words): Keyboard {
  return premiumMonths.map((months) => {
    const label = starItemText({ kind: 'premium', quantity: months }, words);
    return [button(label, 'premiumof', String(months), id)];
  });
}

/** For whom it is, where that is known before the amount. */
function recipientLine({ body }: StarProposal, words: Words): string {
  return body.recipient === null ? '' : `\n\n${words.html('stars-for', { username: body.recipient })}`;
}

/** The button to another amount, in the word of what is bought. */
function amountButton({ id, body }: StarProposal, words: Words) {
  return button(words.plain(body.kind === 'premium' ? 'button-stars-months' : 'button-stars-amount'), 'starsedit', id);
}

/** The least and the most that is sold at once. */
export function bounds({ quantityMin, quantityMax }: StarShelf): { min: number; max: number } {
  return { min: quantityMin, max: quantityMax };
}

/** For whom: oneself, somebody from before, or a username that is typed. */
export async function recipientScreen(
  deps: BotDeps,
  ctx: BotContext,
  { proposal, lead }: { proposal: StarProposal; lead?: string },
): Promise<Screen> {
  const { words, person } = ctx;
  const { id, body } = proposal;
  const own = person.username;
  const known = await deps.starPurchases.recipients(person.id, recipientsMax + 1);
  const others = known.filter(({ recipient }) => recipient.toLowerCase() !== own?.toLowerCase());
  const what = starItemText({ kind: body.kind ?? 'stars', quantity: body.quantity ?? 0 }, words);
  const html = words.html(own === null ? 'stars-recipient-no-username' : 'stars-recipient', { what });
  const toOthers = others.slice(0, recipientsMax).map(({ recipient, recipientName }) => {
    const label = `${shorten(recipientName, nameUnitsMax / 2)} · @${recipient}`;
    return [button(label, 'sto', recipient, id)];
  });
  return {
    html: withLead(lead, html),
    keyboard: [
      ...(own === null ? [] : [[button(words.plain('button-stars-me', { username: own }), 'sto', own, id)]]),
      ...toOthers,
      [button(words.plain('button-back'), 'starsedit', id)],
    ],
    scene: { name: 'stars', proposalId: id, asks: 'recipient' },
  };
}

/** The one question before money is set aside: what, for whom, for how much, what is left, and until when. */
export async function starConfirmScreen(
  deps: BotDeps,
  ctx: BotContext,
  { proposal, quote, lead }: { proposal: StarProposal; quote: StarQuote; lead?: string },
): Promise<Screen> {
  const { words, person } = ctx;
  const { id, body } = proposal;
  const price = money(quote.priceMinor, quote.priceAsset);
  const available = await readFunds(deps.ledger, person.id, price.asset);
  const facts = words.html('stars-confirm', {
    what: starItemText(quote, words),
    name: shorten(quote.recipientName, nameUnitsMax),
    username: quote.recipient,
    sender: words.plain(body.showSender ? 'stars-sender-shown' : 'stars-sender-hidden'),
  });
  const scene = { name: 'stars', proposalId: id, asks: 'confirmation' } as const;
  const change: Keyboard = [
    [button(words.plain(body.showSender ? 'button-stars-hide' : 'button-stars-show'), 'starsender', id)],
    [amountButton(proposal, words), button(words.plain('button-stars-recipient'), 'starswho', id)],
    [button(words.plain('button-back'), 'menu')],
  ];
  if (available.minor < price.minor) {
    const missing = money(price.minor - available.minor, price.asset);
    const variables = { price: words.money(price), balance: words.money(available), missing: words.money(missing) };
    const { html, keyboard } = topUpRows(deps, words, missing);
    const said = `${withLead(lead, facts)}\n\n${words.html('stars-confirm-short', variables)}${html}`;
    return { html: said, keyboard: [...keyboard, ...change], scene };
  }
  const after = words.money(money(available.minor - price.minor, price.asset));
  const until = words.time(quote.expiresAt);
  const asked = words.html('stars-confirm-price', { price: words.money(price), after, until });
  return {
    html: `${withLead(lead, facts)}\n\n${asked}`,
    keyboard: [[button(words.plain('button-stars-buy', { price: words.money(price) }), 'starbuy', id)], ...change],
    scene,
  };
}

/** The ways to come by what is missing: packs that grant enough of it, or a person where none are sold. */
function topUpRows(deps: BotDeps, words: Words, missing: Money) {
  const packs = deps.catalogue.packs.filter(({ grants }) => grants.asset === missing.asset);
  if (packs.length === 0) {
    const help = [button(words.plain('button-paysupport'), 'paysup')];
    return { html: `\n${words.html('stars-no-packs')}`, keyboard: [help] };
  }
  const enough = packs
    .filter(({ grants }) => grants.minor >= missing.minor)
    .sort((left, right) => Number(left.grants.minor - right.grants.minor))
    .slice(0, packsMax);
  const offered = enough.map(({ id, grants, price }) => {
    const label = words.plain('button-stars-pack', { grants: words.money(grants), price: words.money(price) });
    return [button(label, 'pack', id)];
  });
  if (offered.length > 0) return { html: '', keyboard: offered };
  const label = words.plain('button-stars-top-up', { missing: words.money(missing) });
  return { html: '', keyboard: [[button(label, 'top')]] };
}

/** Why there is no price, and what to change. */
export function starRefusedScreen({ words }: BotContext, proposal: StarProposal, code: string): Screen {
  const { id, body } = proposal;
  const again = button(words.plain('button-stars-price'), 'starprice', id);
  return {
    html: words.html(starRefusalKey(code), { username: body.recipient ?? '' }),
    keyboard: [
      ...(code === 'provider_unavailable' ? [[again]] : []),
      [amountButton(proposal, words), button(words.plain('button-stars-recipient'), 'starswho', id)],
      [button(words.plain('button-back'), 'menu')],
    ],
    scene: { name: 'stars', proposalId: id, asks: 'recipient' },
  };
}

/** The text of a refusal; the tests prove that each has one. */
export function starRefusalKey(code: string): string {
  return `stars-refused-${code.replaceAll('_', '-')}`;
}

function withLead(lead: string | undefined, html: string): string {
  return lead === undefined ? html : `${lead}\n\n${html}`;
}
