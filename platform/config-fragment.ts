import type { Environment } from './config-schema.ts';
import { demoCredentials } from './demo-credentials.ts';
import { Secret } from './secret.ts';

export interface FragmentConfig {
  /** True while the chain is simulated: what is paid there can be delivered by its simulator alone. */
  readonly simulated: boolean;
  readonly apiUrl: string;
  readonly mode: 'kyc' | 'no-kyc';
  /** The only addresses that may be paid; none: whatever Fragment asks for. */
  readonly payTo: readonly string[];
  readonly sessionKey: Secret;
  /** The log-in that the simulator accepts; absent with the real one. */
  readonly demoToken: Secret | undefined;
  readonly callsPerSecond: number;
  /** How long the delivery of what was paid is looked for before a person is asked. */
  readonly deliveryDeadlineMs: number;
  readonly simulatorPort: number;
}

/** How Fragment is reached, and with which key its log-in is sealed. */
export function buildFragment(values: Environment): FragmentConfig {
  const simulated = values.TON_WALLET_PHRASE === undefined;
  const simulatorUrl = `http://127.0.0.1:${values.FRAGMENT_SIMULATOR_PORT}`;
  return {
    simulated,
    apiUrl: values.FRAGMENT_API_URL ?? (simulated ? simulatorUrl : 'https://fragment.com'),
    mode: values.FRAGMENT_MODE,
    payTo: values.FRAGMENT_PAY_TO ?? [],
    sessionKey: new Secret(values.FRAGMENT_SESSION_KEY ?? values.FILES_SECRET ?? ''),
    demoToken: simulated ? new Secret(demoCredentials.fragmentToken) : undefined,
    callsPerSecond: values.FRAGMENT_CALLS_PER_SECOND,
    deliveryDeadlineMs: values.FRAGMENT_DELIVERY_DEADLINE_SECONDS * 1000,
    simulatorPort: values.FRAGMENT_SIMULATOR_PORT,
  };
}
