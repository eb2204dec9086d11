import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { money } from '../../core/money.ts';
import { createStarPurchaseMoves } from '../../db/star-purchase-moves.ts';
import { createWalletMessages } from '../../db/wallet-messages.ts';
import { createLedger } from '../../ledger/ledger.ts';
import { because } from './ledger.ts';
import type { Stack } from './stack.ts';
import { insertStarPurchase, paymentOf } from './star-orders.ts';
import { writeStarQuote } from './star-quotes.ts';

/** What the sagas of a purchase and of the wallet do to its rows, one move at a time. */
export type StarShop = ReturnType<typeof createStarShop>;

export function createStarShop({ pool, owner }: Pick<Stack, 'pool' | 'owner'>) {
  const [moves, messages] = [createStarPurchaseMoves(pool), createWalletMessages(pool)];
  const wallets = new Map<string, string>();
  const keyed = (purchaseId: string, step: string) => {
    const workflowId = `star-purchase/${purchaseId}`;
    const keys = { key: `${workflowId}/${step}`, holdKey: `${workflowId}/reserve` };
    return { purchaseId, ...keys, cause: because(step, workflowId) };
  };

  return {
    /** TON on a person's balance. */
    async give(userId: string, amountNano: bigint): Promise<void> {
      await createLedger(pool).credit({
        key: `gift/${randomUUID()}`,
        cause: because('gift'),
        owner: userId,
        amount: money(amountNano, 'TON'),
        bucket: 'paid',
        source: 'issued:TON',
      });
    },

    /** A purchase whose funds are held, with no saga behind it: it goes no further by itself. */
    async hold(userId: string, wish: Omit<Parameters<typeof insertStarPurchase>[1], 'person'> = {}): Promise<string> {
      const { id } = await insertStarPurchase(owner, { person: userId, ...wish });
      assert.equal((await moves.reserve({ ...keyed(id, 'reserve'), ttlMs: 3_600_000 })).outcome, 'held');
      return id;
    },

    async sign(purchaseId: string): Promise<void> {
      const wallet = `0:${randomUUID()}`;
      const payment = paymentOf(wallet);
      await moves.preparePayment(purchaseId, payment);
      const signed = await messages.sign({
        ...{ wallet, seqno: 0, validUntil: 1_900_000_000, boc: Buffer.from('boc'), paymentIds: [payment.id] },
        ...{ rawHash: randomUUID(), normalizedHash: randomUUID() },
      });
      wallets.set(purchaseId, signed.outcome === 'signed' ? signed.messageId : assert.fail(signed.outcome));
    },

    /** The chain says that the payment was made. */
    async pay(purchaseId: string): Promise<void> {
      await messages.decide(wallets.get(purchaseId) ?? '', {
        state: 'executed',
        verdicts: [{ position: 0, verdict: 'paid' }],
        evidence: {},
      });
    },

    async deliver(purchaseId: string): Promise<void> {
      assert.equal((await moves.deliver(keyed(purchaseId, 'capture'))).outcome, 'captured');
    },

    async fail(purchaseId: string): Promise<void> {
      const why = { failure: 'provider_refused', detail: null, decided: false } as const;
      assert.equal((await moves.fail({ ...keyed(purchaseId, 'release'), ...why })).outcome, 'released');
    },

    async park(purchaseId: string): Promise<void> {
      const status = await moves.park(purchaseId, `star-purchase/${purchaseId}`, { reason: 'test' });
      assert.equal(status, 'needs_attention');
    },

    /**
     * Answers a page's questions for prices as the API does after the provider's answer: the quote is a row, and buys.
     * `lifetimeMs` and `priceNano` may change from one question to the next.
     */
    async quote(page: Page, userId: string, terms: { priceNano: bigint; lifetimeMs?: number }): Promise<void> {
      await page.route('**/api/v1/star-quotes', async (route) => {
        const item = route.request().postDataJSON();
        const { priceNano, lifetimeMs = 300_000 } = terms;
        const recipientName = `${item.recipient[0].toUpperCase()}${item.recipient.slice(1)}`;
        const id = await writeStarQuote(pool, { userId, ...item, recipientName, priceNano, lifetimeMs });
        const price = { amountMinor: String(priceNano), asset: 'TON' };
        const expiresAt = new Date(Date.now() + lifetimeMs).toISOString();
        await route.fulfill({ status: 201, json: { quote: { id, ...item, recipientName, price, expiresAt } } });
      });
    },
  };
}
