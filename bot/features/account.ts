import { Composer } from 'telegraf';
import { isUuid } from '../../core/ids.ts';
import { money } from '../../core/money.ts';
import type { OrderTitle } from '../../db/order-titles.ts';
import type { Holding, Transaction } from '../../ledger/reads.ts';
import { type BotContext, onCommandOrTap, onTap } from '../context.ts';
import type { BotDeps } from '../deps.ts';
import { shorten } from '../html.ts';
import { button } from '../keyboards.ts';
import { starItemText } from '../star-notices.ts';
import type { Words } from '../words.ts';

const lastOperationsMax = 5;
const operationsPerPage = 10;
const titleUnitsMax = 60;

/** What one has, by kind, and what happened to it. */
export function createAccountFeature(deps: BotDeps): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  onCommandOrTap(composer, { command: 'balance', tap: 'bal' }, (ctx) => showBalance(deps, ctx));
  onTap(composer, 'ops', (ctx, cursor) => showOperations(deps, ctx, cursor));
  return composer;
}

async function showBalance(deps: BotDeps, ctx: BotContext): Promise<void> {
  const { words, person } = ctx;
  const [holdings, page] = await Promise.all([
    deps.ledger.holdings(person.id),
    readPage(deps, person.id, { limit: lastOperationsMax }),
  ]);
  const credits = holdings.find(({ asset }) => asset === 'CREDIT');
  const lines = [
    words.html('balance', { balance: words.money(money(credits?.availableMinor ?? 0n, 'CREDIT')) }),
    ...(credits === undefined ? [] : bucketLines(credits, words)),
    ...(credits === undefined || credits.heldMinor === 0n
      ? []
      : [words.html('balance-held', { amount: words.money(money(credits.heldMinor, 'CREDIT')) })]),
    ...otherLines(holdings, words),
    '',
    ...(await operationLines(deps, ctx, page.items)),
  ];
  const more = page.nextCursor === null ? [] : [[button(words.plain('button-operations'), 'ops', page.nextCursor)]];
  const stars = deps.catalogue.stars === undefined ? [] : [button(words.plain('button-stars'), 'stars')];
  await ctx.chatroom.show({
    html: lines.join('\n'),
    keyboard: [
      [button(words.plain('button-recharge'), 'top'), button(words.plain('button-generate'), 'gen'), ...stars],
      ...more,
      [button(words.plain('button-back'), 'menu')],
    ],
  });
}

async function showOperations(deps: BotDeps, ctx: BotContext, cursor: string): Promise<void> {
  const { words, person } = ctx;
  const page = await readPage(deps, person.id, { limit: operationsPerPage, cursor });
  const next = page.nextCursor === null ? [] : [[button(words.plain('button-older'), 'ops', page.nextCursor)]];
  const lines = await operationLines(deps, ctx, page.items);
  await ctx.chatroom.show({
    html: lines.join('\n'),
    keyboard: [...next, [button(words.plain('button-back'), 'bal')]],
  });
}

/** A cursor out of a button may be anything: one that we have not made begins at the top. */
async function readPage(deps: BotDeps, owner: string, { limit, cursor }: { limit: number; cursor?: string }) {
  const asked = await deps.ledger.transactions({ owner, limit, ...(cursor === undefined ? {} : { cursor }) });
  if (asked.outcome === 'page') return asked;
  const first = await deps.ledger.transactions({ owner, limit });
  return first.outcome === 'page' ? first : { items: [], nextCursor: null };
}

/** What there is beside credits: TON above all, which Stars are bought with. */
function otherLines(holdings: readonly Holding[], words: Words): string[] {
  const others = holdings.filter(
    ({ asset, availableMinor, heldMinor }) => asset !== 'CREDIT' && availableMinor + heldMinor > 0n,
  );
  if (others.length === 0) return [];
  const amounts = others.map(({ asset, availableMinor, heldMinor }) => {
    const available = words.money(money(availableMinor, asset));
    return heldMinor === 0n ? available : `${available} (+ ${words.money(money(heldMinor, asset))})`;
  });
  return [words.html('balance-other', { amounts: amounts.join(', ') })];
}

function bucketLines({ buckets }: Holding, words: Words): string[] {
  return buckets.map(({ bucket, availableMinor, expiresAt }) => {
    const amount = words.money(money(availableMinor, 'CREDIT'));
    return expiresAt === null
      ? words.html(`bucket-${bucket}`, { amount })
      : words.html('bucket-until', { bucket: words.plain(`bucket-${bucket}`, { amount }), day: words.day(expiresAt) });
  });
}

async function operationLines(deps: BotDeps, ctx: BotContext, items: readonly Transaction[]): Promise<string[]> {
  const { words, person } = ctx;
  if (items.length === 0) return [words.html('operations-none')];
  const orderIds = [...new Set(items.flatMap((item) => orderIdOf(item) ?? []))];
  const titles = await deps.orderTitles.list(person.id, { orderIds, paymentIds: [] });
  const byOrder = new Map(titles.map((title) => [title.reference, title]));
  const lines = items.map((item) => {
    // A pack's title stands in the language of the price list; its amount says as much.
    const known = item.kind === 'capture' ? byOrder.get(orderIdOf(item) ?? '') : undefined;
    return words.html('operation', {
      amount: words.signedMoney(money(item.amountMinor, item.asset)),
      title: shorten(titleOf(known, words) ?? words.plain(`operation-${item.kind}`), titleUnitsMax),
      at: words.time(item.recordedAt),
    });
  });
  return [words.html('operations'), ...lines];
}

/** What an order was for, in the person's language where it is ours to say. */
function titleOf(order: OrderTitle | undefined, words: Words): string | null {
  const stars = order?.stars ?? null;
  if (stars === null) return order?.title ?? null;
  return words.plain('history-stars', { what: starItemText(stars, words), username: stars.recipient });
}

/** The order whose saga moved the money; none for what happened outside of orders. */
function orderIdOf({ cause }: Transaction): string | undefined {
  const id = cause.workflowId.split('/')[1];
  return id !== undefined && isUuid(id) ? id : undefined;
}
