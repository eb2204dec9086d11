/** What a person's orders can be, as the panel and the sandbox list them; each has a saga and a story. */
export const orderKinds = ['topup', 'generation', 'refund', 'star-purchase'] as const;
export type OrderKind = (typeof orderKinds)[number];
