import { movePairs } from './flow.ts';
import { generationMoves } from './generation.ts';
import { refundMoves } from './refund.ts';
import { starPurchaseMoves } from './star-purchase.ts';
import { topupMoves } from './topup.ts';

/** Every legal move of every flow; the database refuses any other. */
export function legalMoves(): { flow: string; from: string; to: string }[] {
  return [
    ...movePairs(topupMoves).map(([from, to]) => ({ flow: 'topup', from, to })),
    ...movePairs(generationMoves).map(([from, to]) => ({ flow: 'generation', from, to })),
    ...movePairs(refundMoves).map(([from, to]) => ({ flow: 'refund', from, to })),
    ...movePairs(starPurchaseMoves).map(([from, to]) => ({ flow: 'star_purchase', from, to })),
  ];
}
