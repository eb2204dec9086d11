import { createCaller } from './call.ts';
import type { Session } from './session.ts';
import type {
  Bootstrap,
  CoinOffer,
  Generation,
  GenerationState,
  Image,
  StarGuide,
  StarItem,
  StarPurchase,
  StarQuote,
  StarRecipient,
  Topup,
  TransactionPage,
  TransactionStory,
} from './types.ts';

/** The API as the screens ask it. */
export type Api = ReturnType<typeof createApi>;

export interface GenerationWish {
  readonly modelId: string;
  readonly prompt: string;
  readonly imageIds: readonly string[];
  readonly options: Readonly<Record<string, string | number>>;
}

const uploadTimeoutMs = 80_000;

/** Every call of ours, with the session's token. */
export function createApi(session: Session) {
  const { call, get, post } = createCaller(session);
  return {
    bootstrap: () => get<Bootstrap>('/bootstrap'),
    setLanguage: (language: string) => call<unknown>({ method: 'PATCH', path: '/me', body: { language } }),
    payerCoins: () => get<{ offers: CoinOffer[] }>('/payer-coins'),
    placeTopup: (key: string, body: { packId: string; provider: string }) =>
      post<{ topup: Topup }>('/topups', body, key),
    topup: (id: string) => get<{ topup: Topup }>(`/topups/${id}`),
    checkTopup: (id: string) => post<{ topup: Topup }>(`/topups/${id}/check`),
    cancelTopup: (id: string) => post<{ topup: Topup }>(`/topups/${id}/cancel`),
    placeGeneration: (key: string, body: GenerationWish) => post<{ generation: Generation }>('/generations', body, key),
    generation: (id: string) => get<{ generation: Generation }>(`/generations/${id}`),
    generations: (page: { cursor: string | null; state?: GenerationState }) =>
      get<{ items: Generation[]; nextCursor: string | null }>(`/generations${queryOf(page)}`),
    cancelGeneration: (id: string) => post<{ generation: Generation }>(`/generations/${id}/cancel`),
    quoteStars: (item: StarItem) => post<{ quote: StarQuote }>('/star-quotes', item),
    starPrices: () => get<{ guide: StarGuide | null }>('/star-prices'),
    placeStarPurchase: (key: string, body: { quoteId: string; showSender: boolean }) =>
      post<{ purchase: StarPurchase }>('/star-purchases', body, key),
    starPurchase: (id: string) => get<{ purchase: StarPurchase }>(`/star-purchases/${id}`),
    starPurchases: (page: { cursor: string | null }) =>
      get<{ items: StarPurchase[]; nextCursor: string | null }>(`/star-purchases${queryOf(page)}`),
    cancelStarPurchase: (id: string) => post<{ purchase: StarPurchase }>(`/star-purchases/${id}/cancel`),
    starRecipients: () => get<{ items: StarRecipient[] }>('/star-recipients'),
    transactions: (page: { cursor: string | null; direction?: 'in' | 'out' }) =>
      get<TransactionPage>(`/transactions${queryOf(page)}`),
    transaction: (id: string) => get<TransactionStory>(`/transactions/${id}`),
    uploadImage(file: Blob) {
      const body = new FormData();
      body.append('file', file, 'photo');
      return call<{ image: Image }>({ method: 'POST', path: '/images', body, timeoutMs: uploadTimeoutMs });
    },
  };
}

function queryOf(parameters: Readonly<Record<string, string | null>>): string {
  const known = Object.entries(parameters).flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[name, value]],
  );
  return known.length === 0 ? '' : `?${String(new URLSearchParams(known))}`;
}
