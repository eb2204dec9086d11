import { money } from '../../core/money.ts';
import { createStarPurchases } from '../../db/star-purchases.ts';
import { startStarPurchase } from '../../gateway/star-commands.ts';
import { createLedger } from '../../ledger/ledger.ts';
import { because } from './ledger.ts';
import type { Stack } from './stack.ts';
import { insertStarPurchase } from './star-orders.ts';

const priceNano = 1_000_000_000n;

/** A purchase of Stars with its saga running and its funds held, parked with a case. The provider stays away. */
export async function parkPurchase(stack: Stack, wanted: { person: string; needsTwo: boolean }) {
  const { person, needsTwo } = wanted;
  const purchase = await insertStarPurchase(stack.owner, { person, priceNano, needsTwo });
  await createLedger(stack.pool).credit({
    key: `test/${purchase.id}`,
    cause: because('gift'),
    owner: person,
    amount: money(priceNano, 'TON'),
    bucket: 'paid',
    source: 'issued:TON',
  });
  const row = await createStarPurchases(stack.pool).get(purchase.id);
  if (row === null) throw new Error('the purchase is not there');
  await startStarPurchase(stack.client, row);
  await stack.owner.query('SELECT app.star_purchase_park($1, $2, $3)', [
    purchase.id,
    purchase.workflowId,
    JSON.stringify({ reason: 'paid, and not seen delivered' }),
  ]);
  const { rows } = await stack.owner.query<{ id: string }>('SELECT id FROM app.attention WHERE workflow_id = $1', [
    purchase.workflowId,
  ]);
  return { ...purchase, caseId: String(rows[0]?.id) };
}
