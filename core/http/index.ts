import * as admin from './admin.ts';
import * as account from './account.ts';
import { logIn, refresh } from './auth.ts';
import { bootstrap } from './bootstrap.ts';
import type { Contract } from './contract.ts';
import * as shop from './shop.ts';
import * as stars from './star-purchases.ts';

/** Every call under `/api/v1`. */
export const contracts: readonly Contract[] = [
  logIn,
  refresh,
  bootstrap,
  account.me,
  account.changeMe,
  account.balance,
  account.transactions,
  account.readTransaction,
  account.notifications,
  shop.catalogue,
  shop.payerCoins,
  shop.placeTopup,
  shop.listTopups,
  shop.readTopup,
  shop.checkTopup,
  shop.cancelTopup,
  shop.uploadImage,
  shop.placeGeneration,
  shop.listGenerations,
  shop.readGeneration,
  shop.cancelGeneration,
  stars.quoteStars,
  stars.guideStarPrices,
  stars.placeStarPurchase,
  stars.listStarPurchases,
  stars.readStarPurchase,
  stars.cancelStarPurchase,
  stars.listStarRecipients,
  admin.panel,
  admin.listCases,
  admin.readCase,
  admin.decideCase,
  admin.closeCase,
  admin.listOrders,
  admin.readStory,
  admin.panelHealth,
  admin.listActions,
];
