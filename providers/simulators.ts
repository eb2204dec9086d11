import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../platform/config.ts';
import type { Logger } from '../platform/logger.ts';
import { createKieSimulator } from './kie/simulator.ts';
import { createTelegramSimulator } from './telegram/simulator.ts';
import { createYookassaSimulator } from './yookassa/simulator.ts';

export interface RunningSimulators {
  stop(): Promise<void>;
}

/** Starts a simulator for each provider that has no key; their state lies in the home and survives a restart. */
export async function startSimulators(config: Config, logger: Logger): Promise<RunningSimulators> {
  if (config.mode === 'production') throw new Error('simulators are refused in production');
  const simulators = [
    ...(config.yookassa.simulated ? [yookassaSimulator(config, logger)] : []),
    ...(config.kie.simulated ? [kieSimulator(config, logger)] : []),
    ...(config.telegram.simulated ? [telegramSimulator(config, logger)] : []),
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

function telegramSimulator({ telegram, botToken, botUsername, home }: Config, logger: Logger) {
  return createTelegramSimulator({
    botToken: botToken.reveal(),
    ...(botUsername === undefined ? {} : { botUsername }),
    port: telegram.simulatorPort,
    statePath: join(home, 'simulators', 'telegram.json'),
    sandboxFolder,
    logger,
  });
}

/** Where the sandbox page is built to. */
const sandboxFolder = fileURLToPath(new URL('../webapp/dist/sandbox', import.meta.url));
