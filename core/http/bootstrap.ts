import { z } from 'zod';
import { shopModules, wallet } from './account.ts';
import { user } from './auth.ts';
import { contract } from './contract.ts';
import { generation, priceList, topup } from './shop.ts';
import { starPurchase } from './star-purchases.ts';

export const bootstrap = contract({
  name: 'bootstrap',
  method: 'get',
  path: '/bootstrap',
  summary: 'All that the first screen of the Mini App shows, in one answer',
  tag: 'account',
  answer: z.object({
    user,
    wallets: z.array(wallet),
    modules: shopModules,
    catalogue: priceList,
    /** The newest ones, as `GET /generations`, `GET /topups` and `GET /star-purchases` show them. */
    generations: z.array(generation),
    topups: z.array(topup),
    starPurchases: z.array(starPurchase),
  }),
});
