import type { StarPricesInput, StarPricesSeen } from '../../core/flows/guide.ts';

export type StarPricesWorkflow = (input: StarPricesInput) => Promise<StarPricesSeen>;
