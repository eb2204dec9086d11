import { z } from 'zod';
import { count, port, url, variable } from './config-rules.ts';

/** An address as people copy it, or in its raw form. */
const tonAddress = /^(?:[\w+/-]{48}|(?:0|-1):[0-9a-f]{64})$/i;

const tonAddresses = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine((parts) => parts.every((part) => tonAddress.test(part)), 'addresses of TON, separated by commas');

/** The variables of who sells Stars and Premium. Its log-in is no variable: `holdfast fragment login` takes it. */
export const fragment = {
  FRAGMENT_MODE: variable(z.enum(['kyc', 'no-kyc'], 'kyc or no-kyc').default('kyc'), {
    group: 'Fragment',
    about: 'Whether payment requests name our wallet, as a verified account does. no-kyc is the less stable way.',
    example: 'kyc',
  }),
  FRAGMENT_API_URL: variable(url.optional(), {
    group: 'Fragment',
    about: 'Address of the site. Default: the simulator while the chain is simulated, else Fragment itself.',
    example: 'https://fragment.com',
  }),
  FRAGMENT_PAY_TO: variable(tonAddresses.optional(), {
    group: 'Fragment',
    about: 'The only addresses that are ever paid for Stars, separated by commas. Default: whatever Fragment asks for.',
    example: 'EQBaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlvq',
  }),
  FRAGMENT_SESSION_KEY: variable(z.string().min(32, 'at least 32 characters').optional(), {
    group: 'Fragment',
    about: 'Seals the log-in that lies in the database. Default: derived from FILES_SECRET.',
    example: 'at-least-32-random-characters-here',
    secret: true,
  }),
  FRAGMENT_CALLS_PER_SECOND: variable(count(1, 1_000).default(5), {
    group: 'Fragment',
    about: 'Calls a second that all workers together make at most; no limit is published.',
    example: '5',
  }),
  FRAGMENT_DELIVERY_DEADLINE_SECONDS: variable(count(1, 1_800).default(1_800), {
    group: 'Fragment',
    about: 'Seconds that the delivery of what was paid is looked for before an operator is asked.',
    example: '1800',
  }),
  FRAGMENT_SIMULATOR_PORT: variable(port.default(8097), {
    group: 'Fragment',
    about: 'Embedded mode only: port of the simulator.',
    example: '8097',
  }),
};
