import { z } from 'zod';
import { count, port, text, url, variable } from './config-rules.ts';

/** The variables of the chain that we pay on. */
export const ton = {
  TON_WALLET_PHRASE: variable(
    z
      .string()
      .regex(/^\s*[a-z]+(\s+[a-z]+){23}\s*$/i, '24 words')
      .optional(),
    {
      group: 'TON',
      about: 'The 24 words of the wallet that pays. Set: the real chain. They never leave the process.',
      example:
        'twenty four words of a wallet that holds only what it needs for a day and is used by nobody else at all ok',
      secret: true,
    },
  ),
  TON_WALLET_VERSION: variable(z.enum(['v4r2', 'v5r1'], 'v4r2 or v5r1').default('v5r1'), {
    group: 'TON',
    about: 'Version of the wallet; the same words give another address per version.',
    example: 'v5r1',
  }),
  TON_NETWORK: variable(z.enum(['mainnet', 'testnet'], 'mainnet or testnet').default('mainnet'), {
    group: 'TON',
    about: 'Network; API keys and addresses belong to one of them.',
    example: 'mainnet',
  }),
  TON_API_URL: variable(url.optional(), {
    group: 'TON',
    about: "Where versions 2 and 3 of toncenter's API stand.",
    example: 'https://toncenter.com/api',
  }),
  TON_API_KEY: variable(text.optional(), {
    group: 'TON',
    about: 'Key of that API; without one it takes one call a second.',
    example: 'your-key',
    secret: true,
  }),
  TON_CALLS_PER_SECOND: variable(count(1, 100_000).optional(), {
    group: 'TON',
    about: 'Calls a second that all workers together make at most. Default: 10 with a key, 1 without.',
    example: '10',
  }),
  TON_SIMULATOR_PORT: variable(port.default(8096), {
    group: 'TON',
    about: 'Embedded mode only: port of the simulator.',
    example: '8096',
  }),
};
