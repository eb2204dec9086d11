import type { PayerCoinsInput, PayerCoinsSeen, StarPricesInput, StarPricesSeen } from '../../core/flows/guide.ts';

export type StarPricesWorkflow = (input: StarPricesInput) => Promise<StarPricesSeen>;
export type PayerCoinsWorkflow = (input: PayerCoinsInput) => Promise<PayerCoinsSeen>;
