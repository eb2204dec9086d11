import { type ConfigResult, type EnvironmentVariables, parseConfig } from '../../platform/config.ts';

/** What `npm start` makes by itself, in a form that passes the rules. */
const madeByStart = {
  DATABASE_URL: 'postgres://made:later@127.0.0.1/holdfast',
  BOT_TOKEN: `100:${'-'.repeat(30)}`,
  AUTH_KEYS: '{}',
  FILES_SECRET: '-'.repeat(32),
};

/** The configuration as far as a person has set it, before anything runs: for its mistakes, and for its ports. */
export function configBeforeStart(variables: EnvironmentVariables): ConfigResult {
  const given = Object.entries(variables).filter(([, value]) => value !== undefined && value !== '');
  return parseConfig({ ...madeByStart, ...Object.fromEntries(given) });
}
