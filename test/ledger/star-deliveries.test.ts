import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createStarDeliveries } from '../../db/star-deliveries.ts';
import { createStarPurchaseMoves } from '../../db/star-purchase-moves.ts';
import { createWalletMessages } from '../../db/wallet-messages.ts';
import { because, type LedgerBench, openLedgerBench } from '../support/ledger.ts';
import { insertPerson } from '../support/orders.ts';
import { insertStarPurchase, paymentOf } from '../support/star-orders.ts';

const price = 1_000_000_000n;
const noon = (time: string) => `2026-08-20T12:${time}.000Z`;

interface Wish {
  readonly recipient: string;
  readonly signedAt: string;
  /** When a person has called it delivered; nobody has, when it is missing. */
  readonly calledAt?: string;
  /** What the chain says of its payment; nothing yet, when it is missing. */
  readonly verdict?: 'paid' | 'not_paid';
  readonly quantity?: number;
  readonly amountNano?: bigint;
}

describe('the payments that people have called delivered', () => {
  let bench: LedgerBench;
  let recipient: string;
  before(async () => {
    bench = await openLedgerBench();
  });
  beforeEach(() => {
    recipient = `bob_${randomUUID().slice(0, 8)}`;
  });
  after(() => bench.close());

  /** A purchase whose payment was signed, in a wallet of its own, with what became of it. */
  async function purchase({ signedAt, calledAt, verdict, amountNano, ...wish }: Wish): Promise<string> {
    const person = await insertPerson(bench.owner);
    await bench.give(person, price, { of: 'TON' });
    const { id, workflowId, holdKey } = await insertStarPurchase(bench.owner, { person, ...wish });
    const [moves, messages] = [createStarPurchaseMoves(bench.pool), createWalletMessages(bench.pool)];
    const keyed = (step: string) => ({ purchaseId: id, holdKey, cause: because(step, workflowId) });
    await moves.reserve({ ...keyed('reserve'), key: holdKey, ttlMs: 3_600_000 });
    const wallet = `0:${randomUUID()}`;
    const payment = paymentOf(wallet, amountNano);
    await moves.preparePayment(id, payment);
    const signed = await messages.sign({
      ...{ wallet, seqno: 0, validUntil: 1_900_000_000, boc: Buffer.from('boc'), paymentIds: [payment.id] },
      ...{ rawHash: randomUUID(), normalizedHash: randomUUID() },
    });
    const messageId = signed.outcome === 'signed' ? signed.messageId : assert.fail(signed.outcome);
    await bench.owner.query('UPDATE app.wallet_message SET signed_at = $2 WHERE id = $1', [messageId, signedAt]);
    if (calledAt !== undefined) {
      await moves.park(id, workflowId, {});
      const ended = await moves.deliver({ ...keyed('capture'), key: `${workflowId}/capture` });
      assert.equal(ended.status, 'delivered');
      await bench.owner.query('UPDATE app.star_purchase SET ended_at = $2 WHERE id = $1', [id, calledAt]);
    }
    if (verdict !== undefined) {
      const state = verdict === 'paid' ? 'executed' : 'dead';
      await messages.decide(messageId, { state, verdicts: [{ position: 0, verdict }], evidence: {} });
    }
    return id;
  }

  const deliveries = () => createStarDeliveries(bench.pool);
  const calledOf = async (purchaseId: string, since = noon('00:00')) =>
    (await deliveries().spokenFor(purchaseId, since)).map(({ signedAt }) => new Date(signedAt).toISOString());
  const ours = () => purchase({ recipient, signedAt: noon('10:00'), verdict: 'paid' });

  it('are found also when they were called so before our order, down to the moment that is asked for', async () => {
    await purchase({ recipient, signedAt: noon('01:00'), calledAt: noon('05:00'), verdict: 'paid' });
    const boris = await ours();
    assert.deepEqual(await calledOf(boris, noon('05:00')), [noon('01:00')]);
    assert.deepEqual(await calledOf(boris, noon('05:01')), []);
  });

  it('come in the order in which they were called so', async () => {
    await purchase({ recipient, signedAt: noon('01:00'), calledAt: noon('40:00'), verdict: 'paid' });
    await purchase({ recipient, signedAt: noon('02:00'), calledAt: noon('20:00'), verdict: 'paid' });
    assert.deepEqual(await calledOf(await ours()), [noon('02:00'), noon('01:00')]);
  });

  it('are found while the chain has not decided them, and not when they were never paid', async () => {
    await purchase({ recipient, signedAt: noon('01:00'), calledAt: noon('20:00') });
    await purchase({ recipient, signedAt: noon('02:00'), calledAt: noon('20:00'), verdict: 'not_paid' });
    assert.deepEqual(await calledOf(await ours()), [noon('01:00')]);
  });

  it('tell what each has cost', async () => {
    await purchase({ recipient, signedAt: noon('01:00'), calledAt: noon('20:00'), amountNano: 870_000_000n });
    const found = await deliveries().spokenFor(await ours(), noon('00:00'));
    assert.deepEqual(
      found.map(({ amountNano }) => amountNano),
      [870_000_000n],
    );
  });

  it('are those for the same thing and recipient, in any spelling, that nobody has seen a line of', async () => {
    const boris = await ours();
    const called = { signedAt: noon('01:00'), calledAt: noon('20:00'), verdict: 'paid' } as const;
    await purchase({ ...called, recipient: 'somebody_else' });
    await purchase({ ...called, recipient, quantity: 60 });
    await purchase({ recipient, signedAt: noon('02:00'), verdict: 'paid' });
    assert.deepEqual(await calledOf(boris), []);
    const anna = await purchase({ ...called, recipient: recipient.toUpperCase() });
    assert.deepEqual(await calledOf(boris), [noon('01:00')]);
    const payment = await deliveries().paidPayment(anna);
    assert.equal(await deliveries().claim(payment?.paymentId ?? '', `line of ${recipient}`), true);
    assert.deepEqual(await calledOf(boris), []);
  });
});
