/** What a hold draws from, in the order of drawing: buckets of the same expiry in this order, then the older lot. */
const buckets = ['free', 'plan', 'promo', 'paid'] as const;
export type ModelBucket = (typeof buckets)[number];

interface Lot {
  readonly bucket: ModelBucket;
  /** Days until it expires; Infinity: never. Money of one bucket and expiry is one lot. */
  readonly days: number;
  readonly order: number;
  balance: bigint;
  held: bigint;
}

interface Hold {
  readonly person: number;
  readonly parts: { readonly lot: Lot; readonly amount: bigint }[];
  status: 'open' | 'captured' | 'released' | 'expired';
}

interface Movement {
  readonly parts: { readonly person: number; readonly lot: Lot; readonly amount: bigint }[];
  isReversed: boolean;
}

/** The ledger as one would explain it to a person: plain objects, one thread, no database. */
export class ModelLedger {
  readonly wallets: Lot[][];
  readonly holds = new Map<string, Hold>();
  readonly movements: Movement[] = [];
  readonly #answers = new Map<string, { request: string; outcome: string }>();
  #lotCount = 0;

  constructor(people: number) {
    this.wallets = Array.from({ length: people }, () => []);
  }

  /** Runs a keyed command: a known key answers as before, or conflicts. Refusals are forgotten. */
  keyed(key: string, request: string, act: () => string): string {
    const known = this.#answers.get(key);
    if (known !== undefined) return known.request === request ? known.outcome : 'key_conflict';
    const outcome = act();
    if (done.has(outcome)) this.#answers.set(key, { request, outcome });
    return outcome;
  }

  available(person: number): bigint {
    return this.#lots(person).reduce((sum, lot) => sum + lot.balance - lot.held, 0n);
  }

  held(person: number): bigint {
    return this.#lots(person).reduce((sum, lot) => sum + lot.held, 0n);
  }

  credit(person: number, amount: bigint, { bucket, days }: { bucket: ModelBucket; days: number }): string {
    const lot = this.#lot(person, bucket, days);
    lot.balance += amount;
    this.movements.push({ parts: [{ person, lot, amount }], isReversed: false });
    return 'credited';
  }

  reserve(key: string, person: number, amount: bigint): string {
    const parts = this.#draw(person, amount);
    if (parts === undefined) return 'insufficient_funds';
    for (const part of parts) part.lot.held += part.amount;
    this.holds.set(key, { person, parts, status: 'open' });
    return 'held';
  }

  capture(holdKey: string, amount: bigint): string {
    const hold = this.holds.get(holdKey);
    if (hold === undefined) return 'unknown_hold';
    if (hold.status !== 'open') return `already_${hold.status}`;
    const whole = hold.parts.reduce((sum, part) => sum + part.amount, 0n);
    if (amount > whole) return 'exceeds_hold';
    let rest = amount;
    const taken: Movement['parts'] = [];
    for (const { lot, amount: lent } of hold.parts) {
      const spent = rest < lent ? rest : lent;
      lot.held -= lent;
      lot.balance -= spent;
      rest -= spent;
      if (spent > 0n) taken.push({ person: hold.person, lot, amount: -spent });
    }
    hold.status = 'captured';
    this.movements.push({ parts: taken, isReversed: false });
    return 'captured';
  }

  release(holdKey: string): string {
    const hold = this.holds.get(holdKey);
    if (hold === undefined) return 'nothing_to_release';
    if (hold.status !== 'open') return `already_${hold.status}`;
    for (const { lot, amount } of hold.parts) lot.held -= amount;
    hold.status = 'released';
    return 'released';
  }

  transfer(from: number, to: number, amount: bigint): string {
    if (from === to) return 'same_owner';
    const parts = this.#draw(from, amount);
    if (parts === undefined) return 'insufficient_funds';
    const moved: Movement['parts'] = [];
    for (const { lot, amount: part } of parts) {
      lot.balance -= part;
      const target = this.#lot(to, lot.bucket, lot.days);
      target.balance += part;
      moved.push({ person: from, lot, amount: -part }, { person: to, lot: target, amount: part });
    }
    this.movements.push({ parts: moved, isReversed: false });
    return 'transferred';
  }

  /** By the place of the movement among all that were made. */
  reverse(place: number): string {
    const movement = this.movements[place];
    if (movement === undefined) return 'unknown_transfer';
    if (movement.isReversed) return 'already_reversed';
    const undone = movement.parts.map((part) => ({ ...part, amount: -part.amount }));
    if (undone.some(({ lot, amount }) => lot.balance + amount < lot.held)) return 'insufficient_funds';
    for (const { lot, amount } of undone) lot.balance += amount;
    movement.isReversed = true;
    this.movements.push({ parts: undone, isReversed: false });
    return 'reversed';
  }

  #lots(person: number): Lot[] {
    return this.wallets[person] ?? [];
  }

  #lot(person: number, bucket: ModelBucket, days: number): Lot {
    const known = this.#lots(person).find((lot) => lot.bucket === bucket && lot.days === days);
    if (known !== undefined) return known;
    const lot = { bucket, days, order: (this.#lotCount += 1), balance: 0n, held: 0n };
    this.wallets[person]?.push(lot);
    return lot;
  }

  #draw(person: number, amount: bigint): { lot: Lot; amount: bigint }[] | undefined {
    if (this.available(person) < amount) return undefined;
    const rank = (lot: Lot) => buckets.indexOf(lot.bucket);
    const inOrder = this.#lots(person).toSorted(
      (one, other) => cmp(one.days, other.days) || rank(one) - rank(other) || one.order - other.order,
    );
    let rest = amount;
    const parts: { lot: Lot; amount: bigint }[] = [];
    for (const lot of inOrder) {
      const free = lot.balance - lot.held;
      const part = free < rest ? free : rest;
      if (part > 0n) parts.push({ lot, amount: part });
      rest -= part;
    }
    return parts;
  }
}

const done = new Set(['credited', 'held', 'captured', 'released', 'transferred', 'reversed']);

function cmp(one: number, other: number): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
