import type { Cases } from '../db/cases.ts';

/** Refusals that mean our own account at a provider: no order will pass until a person mends it. */
const accountRefusals: ReadonlySet<string> = new Set([
  'invalid_credentials',
  'forbidden',
  'unauthorized',
  'http_401',
  'http_403',
  'insufficient_credits',
  'blocked',
  'feature_disabled',
]);

/** Whether a refusal speaks of our account and not of what was asked for. */
export function isAccountRefusal(code: string): boolean {
  return accountRefusals.has(code);
}

/** Tells a person that a provider refuses our account: one case a day for each provider and code. */
export async function reportAccount(
  cases: Cases,
  { provider, code, workflowId }: { readonly provider: string; readonly code: string; readonly workflowId: string },
): Promise<void> {
  if (!isAccountRefusal(code)) return;
  const day = new Date().toISOString().slice(0, 10);
  await cases.open({
    key: `provider-account/${provider}/${code}/${day}`,
    kind: 'provider_account',
    workflowId,
    evidence: { provider, code },
  });
}
