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
}

/** Purchases of the same Stars for the same person, and what the provider's history shows. */
function openWorld({ paid, history, spokenFor = [] }: World) {
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
      spokenFor: () => Promise.resolve(spokenFor),
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
    const spokenFor = [{ signedAt: at('09:50:00'), endedAt: at('10:30:00') }];
    const history = [line('10:00:05')];
    assert.equal(await openWorld({ paid: { anna: '10:00:00' }, history, spokenFor })('anna'), 'unseen');
    const two = [...history, line('10:00:40')];
    assert.equal(await openWorld({ paid: { anna: '10:00:00' }, history: two, spokenFor })('anna'), 'delivered');
  });

  it('leave none that is younger than what the person said', async () => {
    const spokenFor = [{ signedAt: at('09:50:00'), endedAt: at('10:00:00') }];
    const look = openWorld({ paid: { anna: '09:59:59' }, history: [line('10:00:05')], spokenFor });
    assert.equal(await look('anna'), 'delivered');
  });
});
