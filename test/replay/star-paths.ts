import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { fragmentSession, fragmentSessionWorkflowId } from '../../core/flows/fragment-session.ts';
import { type StarDecision, starPurchaseWorkflowId } from '../../core/flows/star-purchase.ts';
import { starPricesWorkflowId } from '../../core/flows/guide.ts';
import { starQuoteWorkflowId } from '../../core/flows/star-quote.ts';
import { walletWorkflowId } from '../../core/flows/wallet.ts';
import { eventually } from '../support/eventually.ts';
import type { StarStack } from '../support/star-stack.ts';

/** One path of a flow that sells Stars, led as far as its history shall show; answers the id of its workflow. */
export type StarPath = (stars: StarStack) => Promise<string>;

const patienceMs = 60_000;

const bought: StarPath = async (stars) => {
  const { id } = await stars.buy(await stars.buyer());
  await stars.until(id, 'delivered', patienceMs);
  return starPurchaseWorkflowId(id);
};

/** Paid, not delivered, and decided about as often as there are decisions; the last one ends it. */
const decided =
  (decisions: readonly StarDecision[], before?: (stars: StarStack, id: string) => Promise<unknown>): StarPath =>
  async (stars) => {
    const [anna, olga] = [await stars.buyer(), await stars.operator('manager')];
    await stars.shop.options({ delivery: 'hold' });
    const { id } = await stars.buy(anna);
    for (const [index, decision] of decisions.entries()) {
      await eventually(async () => (await stars.casesOf(id)).length === index + 1, { withinMs: patienceMs });
      if (index === 0) await before?.(stars, id);
      assert.equal(await stars.decide(id, decision, olga), 'applied');
    }
    await stars.closed(id);
    await stars.shop.options({ delivery: 'auto' });
    return starPurchaseWorkflowId(id);
  };

const releaseByMistake = ({ stack }: StarStack, id: string) =>
  stack.owner.query('SELECT ledger.release($1, $2, $3)', [
    `mistake/${id}`,
    `${starPurchaseWorkflowId(id)}/reserve`,
    JSON.stringify({ workflowId: 'test', step: 'mistake', actor: 'system' }),
  ]);

const chainLate: StarPath = async (stars) => {
  await stars.chain.control('/pause');
  const { id } = await stars.buy(await stars.buyer());
  await stars.until(id, 'needs_attention', patienceMs);
  await stars.chain.control('/resume');
  await stars.until(id, 'delivered', patienceMs);
  return starPurchaseWorkflowId(id);
};

const signedAnew: StarPath = async (stars) => {
  await stars.chain.options({ loseNext: 1_000 });
  const { id } = await stars.buy(await stars.buyer());
  await stars.until(id, 'signed');
  await stars.chain.control('/blocks', { blocks: 2_000 });
  await stars.chain.options({ loseNext: 0 });
  await stars.until(id, 'delivered', patienceMs);
  return starPurchaseWorkflowId(id);
};

const canceled: StarPath = async (stars) => {
  const boris = await stars.buyer();
  const gate = stars.stack.traps.stopAt('wallet.before-sign');
  const { id } = await stars.buy(boris);
  await gate.reached;
  assert.equal((await stars.story.act(boris, `/star-purchases/${id}/cancel`)).status, 200);
  gate.open();
  return starPurchaseWorkflowId(id);
};

const refused: StarPath = async (stars) => {
  const [quote, key] = [{ quantity: 1_000 }, randomUUID()];
  const boris = await stars.buyer(1n);
  assert.equal((await stars.place(boris, (await stars.quote(boris, quote)).id, key)).status, 402);
  return starPurchaseWorkflowId(key);
};

const priceMoved: StarPath = async (stars) => {
  const [vera, key] = [await stars.buyer(), randomUUID()];
  const quote = await stars.quote(vera);
  await stars.shop.options({ starPriceNano: 7_000_000 });
  await stars.place(vera, quote.id, key);
  await stars.until(key, 'failed');
  await stars.shop.options({ starPriceNano: 3_694_000 });
  return starPurchaseWorkflowId(key);
};

const quoted: StarPath = async (stars) => starQuoteWorkflowId((await stars.quote(await stars.buyer())).id);

const quoteRefused: StarPath = async (stars) => {
  const { id: userId, token } = await stars.buyer();
  const body = { kind: 'stars', quantity: 50, recipient: 'nobody_at_all' };
  assert.notEqual((await stars.stack.api.call('POST', '/star-quotes', { token, body })).status, 201);
  const { rows } = await stars.stack.owner.query<{ id: string }>('SELECT id FROM app.star_quote WHERE user_id = $1', [
    userId,
  ]);
  return starQuoteWorkflowId(rows[0]?.id ?? '');
};

const pricesOf = { provider: 'fragment', quantities: [50, 1_000] };

const pricesRead: StarPath = async (stars) => {
  const { stack } = stars;
  // The session has been renewed.
  await stars.quote(await stars.buyer());
  assert.equal((await stack.gateway.lookUpStarPrices(pricesOf))?.length, 2);
  return starPricesWorkflowId(pricesOf);
};

const pricesNotSaid: StarPath = async ({ stack, shop }) => {
  const others = { ...pricesOf, quantities: [100, 250] };
  await shop.options({ guarded: true });
  assert.equal(await stack.gateway.lookUpStarPrices(others), null);
  await shop.options({ guarded: false });
  return starPricesWorkflowId(others);
};

const settled: StarPath = async (stars) => {
  await bought(stars);
  const { rows } = await stars.stack.owner.query<{ wallet: string }>('SELECT DISTINCT wallet FROM app.wallet_message');
  return walletWorkflowId(rows[0]?.wallet ?? '');
};

/** Every path of each workflow that sells Stars whose history is kept. */
export const starPaths: Readonly<Record<string, Readonly<Record<string, StarPath>>>> = {
  starPurchase: {
    delivered: bought,
    'refused-for-funds': refused,
    canceled,
    'price-moved': priceMoved,
    'signed-anew': signedAnew,
    'chain-late': chainLate,
    'said-delivered': decided(['delivered']),
    'said-not-delivered': decided(['not_delivered']),
    'looked-at-anew': decided(['retry', 'delivered']),
    'decided-in-vain': decided(['delivered', 'not_delivered'], releaseByMistake),
  },
  wallet: { settled },
  starPrices: { read: pricesRead, 'not-said': pricesNotSaid },
  starQuote: { quoted, 'recipient-refused': quoteRefused },
  fragmentSession: { kept: async () => fragmentSessionWorkflowId(fragmentSession) },
};
