import * as account from './account.ts';
import { logIn, refresh } from './auth.ts';
import type { Contract } from './contract.ts';
import * as shop from './shop.ts';

/** Every call under `/api/v1`. */
export const contracts: readonly Contract[] = [
  logIn,
  refresh,
  account.me,
  account.balance,
  account.transactions,
  account.notifications,
  shop.catalogue,
  shop.placeTopup,
  shop.readTopup,
  shop.checkTopup,
  shop.cancelTopup,
  shop.uploadImage,
  shop.placeGeneration,
  shop.listGenerations,
  shop.readGeneration,
  shop.cancelGeneration,
];
