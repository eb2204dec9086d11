import type { StarQuoted, StarQuoteInput } from '../../core/flows/star-quote.ts';

export type StarQuoteWorkflow = (input: StarQuoteInput) => Promise<StarQuoted>;
