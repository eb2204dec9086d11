import assert from 'node:assert/strict';
import { createDeliveryActivities } from '../../activities/deliveries.ts';
import type { StarPurchaseDeps } from '../../activities/star-purchase.ts';
import { done } from '../../core/result.ts';
import type { PaidPayment, SpokenFor } from '../../db/star-deliveries.ts';
import type { StarPurchase } from '../../db/star-purchases.ts';
import type { StarDelivery, StarsProvider } from '../../providers/ports.ts';

const item = { kind: 'stars', quantity: 50, recipient: 'bob_the_cat' } as const;
const at = (time: string) => `2026-08-20T${time}.000Z`;
const line = (time: string, amountNano = 180_000_000n): StarDelivery => ({ ...item, amountNano, at: at(time) });

interface World {
  /** Purchases of the same that the chain calls paid, by when their messages were signed. */
  readonly paid: Readonly<Record<string, string>>;
  readonly history: readonly StarDelivery[];
  readonly spokenFor?: readonly SpokenFor[];
  /** Filled with the moments since when others are asked for. */
  readonly asked?: string[];
}

const called = (signed: string, ended: string, amountNano = 184_700_000n): SpokenFor => ({
  ...{ amountNano, signedAt: at(signed), endedAt: at(ended) },
});

/** Purchases of the same Stars for the same person, and what the provider's history shows. */
function openWorld({ paid, history, spokenFor = [], asked = [] }: World) {
  const keys = new Map<string, string>();
  const deps: Partial<StarPurchaseDeps> = {
    starPurchases: {
      get: (id: string) => Promise.resolve({ ...item, id, provider: 'fragment' } as unknown as StarPurchase),
    } as StarPurchaseDeps['starPurchases'],
    starDeliveries: {
      paidPayment(id: string) {
        const signed = paid[id];
        const payment = { paymentId: id, amountNano: 184_700_000n, deliveryKey: keys.get(id) ?? null };
        return Promise.resolve(
          signed === undefined ? null : ({ ...payment, signedAt: at(signed) } as unknown as PaidPayment),
        );
      },
      claimed: (wanted: readonly string[]) =>
        Promise.resolve(new Set(wanted.filter((key) => [...keys.values()].includes(key)))),
      spokenFor(_id: string, calledSince: string) {
        asked.push(calledSince);
        return Promise.resolve(spokenFor);
      },
      claim(id: string, key: string) {
        const isFree = ![...keys.values()].includes(key);
        if (isFree) keys.set(id, key);
        return Promise.resolve(isFree);
      },
    },
    starsProvider: () => ({ listDeliveries: () => Promise.resolve(done(history)) }) as unknown as StarsProvider,
    failpoint: () => Promise.resolve(),
  };
  const { findStarDelivery } = createDeliveryActivities(deps as StarPurchaseDeps);
  return (purchaseId: string) => findStarDelivery({ purchaseId });
}

describe('equal purchases for one recipient', () => {
  it('take no line while the chain does not call them paid', async () => {
    const look = openWorld({ paid: { anna: '10:00:00' }, history: [line('10:00:05'), line('10:00:06')] });
    assert.equal(await look('boris'), 'unseen');
    assert.equal(await look('anna'), 'delivered');
    assert.equal(await look('boris'), 'unseen');
  });

  it('are as many delivered as there are lines, also of lines that are alike to the letter', async () => {
    const paid = { anna: '10:00:00', boris: '10:00:01', vera: '10:00:02' };
    const look = openWorld({ paid, history: [line('10:00:05'), line('10:00:05')] });
    const answers = [await look('anna'), await look('boris'), await look('vera'), await look('anna')];
    assert.deepEqual(answers, ['delivered', 'delivered', 'unseen', 'delivered']);
  });

  it('are told apart by prices that differ by more than the history rounds', async () => {
    const look = openWorld({ paid: { anna: '10:00:00' }, history: [line('10:00:05', 200_000_000n)] });
    assert.equal(await look('anna'), 'unseen');
  });

  it('leave a line to the one that a person has called delivered', async () => {
    const spokenFor = [called('09:50:00', '10:30:00')];
    const history = [line('10:00:05')];
    assert.equal(await openWorld({ paid: { anna: '10:00:00' }, history, spokenFor })('anna'), 'unseen');
    const two = [...history, line('10:00:40')];
    assert.equal(await openWorld({ paid: { anna: '10:00:00' }, history: two, spokenFor })('anna'), 'delivered');
  });

  it('leave it to them also when the clock of the provider is ahead of the person that said so', async () => {
    const spokenFor = [called('09:50:00', '10:00:00')];
    const look = openWorld({ paid: { anna: '10:00:20' }, history: [line('10:00:55')], spokenFor });
    assert.equal(await look('anna'), 'unseen');
  });

  it('ask for those that were called delivered since the oldest line that they could take, clocks apart', async () => {
    const asked: string[] = [];
    const look = openWorld({ paid: { anna: '10:00:20' }, history: [line('09:59:50')], asked });
    assert.equal(await look('anna'), 'delivered');
    assert.deepEqual(asked, [at('09:58:20')]);
  });

  it('leave none that is younger than what the person said by more than clocks differ', async () => {
    const spokenFor = [called('09:50:00', '10:00:00')];
    const look = openWorld({ paid: { anna: '09:59:59' }, history: [line('10:01:05')], spokenFor });
    assert.equal(await look('anna'), 'delivered');
  });

  it('leave none whose price cannot be the price of the other', async () => {
    const spokenFor = [called('09:50:00', '10:30:00', 240_000_000n)];
    const look = openWorld({ paid: { anna: '10:00:00' }, history: [line('10:00:05')], spokenFor });
    assert.equal(await look('anna'), 'delivered');
  });

  for (const [how, reorder] of [
    ['whichever of them was paid first', (all: readonly SpokenFor[]) => all],
    ['whichever of them was called so first', (all: readonly SpokenFor[]) => all.toReversed()],
  ] as const) {
    it(`leave one to each of those who were called delivered, ${how}`, async () => {
      const spokenFor = reorder([called('10:00:00', '10:40:00'), called('10:00:01', '10:10:00')]);
      const history = [line('10:05:00'), line('10:30:00')];
      assert.equal(await openWorld({ paid: { anna: '10:00:00' }, history, spokenFor })('anna'), 'unseen');
      const three = [...history, line('10:35:00')];
      assert.equal(await openWorld({ paid: { anna: '10:00:00' }, history: three, spokenFor })('anna'), 'delivered');
    });
  }

  it('leave a line to whom only this one can be, when another could have either', async () => {
    const spokenFor = [called('10:00:00', '10:10:00', 184_700_000n), called('10:00:00', '10:40:00', 177_000_000n)];
    const history = [line('10:05:00', 180_000_000n), line('10:06:00', 190_000_000n)];
    assert.equal(await openWorld({ paid: { anna: '10:00:00' }, history, spokenFor })('anna'), 'unseen');
  });
});
