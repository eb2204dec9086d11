import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../platform/config.ts';
import type { Logger } from '../platform/logger.ts';
import type { Secret } from '../platform/secret.ts';
import { createHeleketSimulator } from './heleket/simulator.ts';
import { createFragmentSimulator } from './fragment/simulator.ts';
import { createKieSimulator } from './kie/simulator.ts';
import { createTonSimulator } from './ton/simulator.ts';
import { openTonWallet } from './ton/wallet.ts';
import { createTelegramSimulator } from './telegram/simulator.ts';
import type { OrderDesk } from './telegram/simulator/desk.ts';
import { createYookassaSimulator } from './yookassa/simulator.ts';

export interface RunningSimulators {
  stop(): Promise<void>;
}

export interface SimulatorsOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** What the sandbox page may show of the shop's books. */
  readonly orderDesk: OrderDesk;
}

/** Starts a simulator for each provider that has no key; their state lies in the home and survives a restart. */
export async function startSimulators(options: SimulatorsOptions): Promise<RunningSimulators> {
  const { config, logger } = options;
  if (config.mode === 'production') throw new Error('simulators are refused in production');
  const simulators = [
    ...(config.yookassa.simulated ? [yookassaSimulator(config, logger)] : []),
    ...(config.heleket.simulated ? [heleketSimulator(config, logger)] : []),
    ...(config.kie.simulated ? [kieSimulator(config, logger)] : []),
    ...(config.telegram.simulated ? [telegramSimulator(options)] : []),
    ...(config.ton.simulated ? [await tonSimulator(config, logger)] : []),
    ...(config.fragment.demoToken === undefined ? [] : [fragmentSimulator(config, config.fragment.demoToken, logger)]),
  ];
  for (const simulator of simulators) await simulator.start();
  return {
    stop: async () => {
      for (const simulator of simulators) await simulator.stop();
    },
  };
}

function yookassaSimulator({ yookassa, api, home }: Config, logger: Logger) {
  return createYookassaSimulator({
    shopId: yookassa.shopId,
    secretKey: yookassa.secretKey.reveal(),
    webhookUrl: `${api.webhookUrl}/webhooks/yookassa`,
    port: yookassa.simulatorPort,
    statePath: join(home, 'simulators', 'yookassa.json'),
    logger,
  });
}

function heleketSimulator({ heleket, home }: Config, logger: Logger) {
  return createHeleketSimulator({
    merchantId: heleket.merchantId,
    paymentKey: heleket.paymentKey.reveal(),
    payoutKey: heleket.payoutKey?.reveal() ?? '',
    port: heleket.simulatorPort,
    statePath: join(home, 'simulators', 'heleket.json'),
    logger,
  });
}

function kieSimulator({ kie, home }: Config, logger: Logger) {
  return createKieSimulator({
    apiKey: kie.apiKey.reveal(),
    ...(kie.webhookKey === undefined ? {} : { webhookKey: kie.webhookKey.reveal() }),
    port: kie.simulatorPort,
    uploadPort: kie.simulatorUploadPort,
    statePath: join(home, 'simulators', 'kie.json'),
    logger,
  });
}

/** What the demo wallet holds at first. */
const demoBalanceNano = 1_000_000_000_000n;

async function tonSimulator({ ton, home }: Config, logger: Logger) {
  const { walletPhrase: phrase, walletVersion: version, network } = ton;
  const wallet = await openTonWallet({ phrase, version, network });
  return createTonSimulator({
    ...(ton.apiKey === undefined ? {} : { apiKey: ton.apiKey.reveal() }),
    genesis: { [wallet.address]: demoBalanceNano },
    port: ton.simulatorPort,
    statePath: join(home, 'simulators', 'ton.json'),
    logger,
  });
}

function fragmentSimulator({ fragment, ton, home }: Config, token: Secret, logger: Logger) {
  return createFragmentSimulator({
    token: token.reveal(),
    tonApiUrl: ton.apiUrl,
    port: fragment.simulatorPort,
    statePath: join(home, 'simulators', 'fragment.json'),
    logger,
  });
}

function telegramSimulator({ config, logger, orderDesk }: SimulatorsOptions) {
  const { telegram, botToken, botUsername, home } = config;
  return createTelegramSimulator({
    botToken: botToken.reveal(),
    ...(botUsername === undefined ? {} : { botUsername }),
    port: telegram.simulatorPort,
    statePath: join(home, 'simulators', 'telegram.json'),
    sandboxFolder,
    orderDesk,
    logger,
  });
}

/** Where the sandbox page is built to. */
const sandboxFolder = fileURLToPath(new URL('../webapp/dist/sandbox', import.meta.url));
