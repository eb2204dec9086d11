export { generation } from './generation.ts';
export { housekeeping } from './housekeeping.ts';
export { refund } from './refund.ts';
export { settleGeneration, settlePayment } from './settle.ts';
export { topup } from './topup.ts';
