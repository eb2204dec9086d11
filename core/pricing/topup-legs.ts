import { money, type Money } from '../money.ts';

/** A posting to a system account; positive: the account receives. */
export interface SystemLeg {
  readonly account: string;
  readonly amount: Money;
}

/**
 * The rouble side of a top-up, in the same transfer as its credits: the provider owes us the gross, which is revenue
 * that is not yet earned; its fee and the tax are expenses of ours. Amounts of zero are left out.
 */
export function topupLegs(payment: { provider: string; gross: Money; fee: Money; tax: Money }): SystemLeg[] {
  const { provider, gross, fee, tax } = payment;
  return [
    ...pair(`clearing:${provider}`, 'deferred', gross),
    ...pair(`fees:${provider}`, `clearing:${provider}`, fee),
    ...pair('tax_expense', 'tax_due', tax),
  ];
}

function pair(receives: string, gives: string, amount: Money): SystemLeg[] {
  if (amount.minor === 0n) return [];
  return [
    { account: receives, amount },
    { account: gives, amount: money(-amount.minor, amount.asset) },
  ];
}
