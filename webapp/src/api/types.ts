import type { z } from 'zod';
import type { readTransaction, transactions } from '../../../core/http/account.ts';
import type { bootstrap } from '../../../core/http/bootstrap.ts';
import type { logIn, refresh } from '../../../core/http/auth.ts';
import type { generation, listGenerations, payerCoins, topup, uploadImage } from '../../../core/http/shop.ts';
import type {
  guideStarPrices,
  listStarRecipients,
  quoteStars,
  starPurchase,
} from '../../../core/http/star-purchases.ts';

/*
 * What the API answers, by its own contracts. Types alone: the schemas themselves stay on the server.
 */

export type Bootstrap = z.output<(typeof bootstrap)['answer']>;
export type Wallet = Bootstrap['wallets'][number];
export type Balance = Pick<Wallet, 'asset' | 'availableMinor' | 'heldMinor'>;
export type Pack = Bootstrap['catalogue']['packs'][number];
export type Model = Bootstrap['catalogue']['models'][number];
export type Money = Pack['price'];
export type Generation = z.output<typeof generation>;
export type GenerationState = NonNullable<z.output<(typeof listGenerations)['query']>['state']>;
export type Topup = z.output<typeof topup>;
export type CoinOffer = z.output<(typeof payerCoins)['answer']>['offers'][number];
export type StarShelf = NonNullable<Bootstrap['catalogue']['stars']>;
export type StarPurchase = z.output<typeof starPurchase>;
export type StarQuote = z.output<(typeof quoteStars)['answer']>['quote'];
export type StarItem = Pick<StarQuote, 'kind' | 'quantity' | 'recipient'>;
export type StarGuide = NonNullable<z.output<(typeof guideStarPrices)['answer']>['guide']>;
export type StarRecipient = z.output<(typeof listStarRecipients)['answer']>['items'][number];
export type TransactionPage = z.output<(typeof transactions)['answer']>;
export type Transaction = TransactionPage['items'][number];
export type TransactionStory = z.output<(typeof readTransaction)['answer']>;
export type Image = z.output<(typeof uploadImage)['answer']>['image'];
export type LogIn = z.output<(typeof logIn)['answer']>;
export type Refreshed = z.output<(typeof refresh)['answer']>;
