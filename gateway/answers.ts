/** What placing an order answers. `key_conflict` shows nothing of the other order. */
export type Placed<Order> =
  | { readonly outcome: 'placed'; readonly order: Order; readonly replayed: boolean }
  | { readonly outcome: 'key_conflict' }
  | { readonly outcome: 'temporarily_unavailable' };

/** Why a command reached no saga. */
export type Refused = { readonly outcome: 'not_found' } | { readonly outcome: 'temporarily_unavailable' };
