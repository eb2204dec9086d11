import type { Environment } from './config-schema.ts';
import { demoCredentials } from './demo-credentials.ts';
import { Secret } from './secret.ts';

export interface TonConfig {
  /** True when no wallet phrase is set: the simulator answers at `apiUrl`, and the wallet is the demo one. */
  readonly simulated: boolean;
  readonly network: 'mainnet' | 'testnet';
  /** Both versions of the API stand under it. */
  readonly apiUrl: string;
  readonly apiKey: Secret | undefined;
  readonly walletPhrase: Secret;
  readonly walletVersion: 'v4r2' | 'v5r1';
  readonly callsPerSecond: number;
  readonly simulatorPort: number;
}

/** Whether a phrase is the demo one, however it is spaced and spelt. */
export function isDemoPhrase(phrase: string | undefined): boolean {
  return phrase?.trim().toLowerCase().split(/\s+/).join(' ') === demoCredentials.tonWalletPhrase;
}

/** How the chain is reached and which wallet pays. */
export function buildTon(values: Environment): TonConfig {
  const simulated = values.TON_WALLET_PHRASE === undefined;
  const simulatorUrl = `http://127.0.0.1:${values.TON_SIMULATOR_PORT}/api`;
  const { TON_API_KEY: apiKey, TON_NETWORK: network } = values;
  const realUrl = network === 'testnet' ? 'https://testnet.toncenter.com/api' : 'https://toncenter.com/api';
  const key = apiKey ?? (simulated ? demoCredentials.tonApiKey : undefined);
  return {
    simulated,
    network,
    apiUrl: values.TON_API_URL ?? (simulated ? simulatorUrl : realUrl),
    apiKey: key === undefined ? undefined : new Secret(key),
    walletPhrase: new Secret(values.TON_WALLET_PHRASE ?? demoCredentials.tonWalletPhrase),
    walletVersion: values.TON_WALLET_VERSION,
    callsPerSecond: values.TON_CALLS_PER_SECOND ?? (key === undefined ? 1 : 10),
    simulatorPort: values.TON_SIMULATOR_PORT,
  };
}
