export { fragmentSession } from './fragment-session.ts';
export { generation } from './generation.ts';
export { housekeeping } from './housekeeping.ts';
export { refund } from './refund.ts';
export { settleGeneration, settlePayment } from './settle.ts';
export { starPurchase } from './star-purchase.ts';
export { starQuote } from './star-quote.ts';
export { topup } from './topup.ts';
export { wallet } from './wallet.ts';
