import type { SimulatorParts } from '../../simulator-kit.ts';
import type { Collection } from '../../simulator-store.ts';

export interface CreditEntry {
  readonly taskId: string | null;
  readonly change: number;
  readonly balanceAfter: number;
  readonly at: string;
}

export interface Credits {
  balance(): number;
  charge(taskId: string, credits: number): void;
  refund(taskId: string, credits: number): void;
  /** Sets the balance, for tests of an empty account. */
  set(balance: number): void;
  /** What a task has cost so far. */
  spentOn(taskId: string): number;
  forget(taskId: string): void;
  /** Newest first. */
  entries(): CreditEntry[];
}

const entriesMax = 1_000;

/** The account's credits at kie.ai: charged when a task is accepted, given back for what is not delivered. */
export function createCredits({ store, clock }: SimulatorParts, startBalance: number): Credits {
  const balances: Collection<number> = store.collection('credits');
  const spent: Collection<number> = store.collection('spent');
  const entries: Collection<CreditEntry> = store.collection('credit-entries');
  const balance = () => balances.get('balance') ?? startBalance;

  function change(taskId: string | null, by: number): void {
    const balanceAfter = balance() + by;
    balances.put('balance', balanceAfter);
    if (taskId !== null) spent.put(taskId, (spent.get(taskId) ?? 0) - by);
    const number = (balances.get('entries') ?? 0) + 1;
    balances.put('entries', number);
    entries.put(String(number), { taskId, change: by, balanceAfter, at: new Date(clock.nowMs()).toISOString() });
    if (entries.size > entriesMax) entries.delete(String(number - entriesMax));
  }

  return {
    balance,
    charge: (taskId, credits) => change(taskId, -credits),
    refund: (taskId, credits) => change(taskId, credits),
    set: (wanted) => change(null, wanted - balance()),
    spentOn: (taskId) => spent.get(taskId) ?? 0,
    forget: (taskId) => spent.delete(taskId),
    entries: () => [...entries.values()].toReversed(),
  };
}
