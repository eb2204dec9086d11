import { readFile } from 'node:fs/promises';
import { text as readWhole } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { Outcome } from '../core/result.ts';
import { createFragmentSessions } from '../db/fragment-sessions.ts';
import { openPool } from '../db/pool.ts';
import { type Config, loadConfig } from '../platform/config.ts';
import { createLogger } from '../platform/logger.ts';
import { type FragmentCookies, readCookies } from '../providers/fragment/cookies.ts';
import { createProviders, openFragmentVault } from '../providers/registry.ts';
import { examples, printLine, RefusalError, WrongUseError } from './verb.ts';

const about = `Takes the cookies of a browser that is logged in at fragment.com, and checks them.
They come from standard input or a file, never from the command line: as a Cookie header, as a JSON object, or as
the JSON list of an exporter. stel_ssid and stel_token are needed.`;

export function registerFragment(program: Command): void {
  const group = program.command('fragment').description('Our log-in at Fragment, which sells Stars and Premium.');
  group
    .command('login')
    .description(about)
    .option('--file <path>', 'read the cookies from a file')
    .addHelpText(
      'after',
      examples('holdfast fragment login < cookies.json', 'holdfast fragment login --file cookies.txt'),
    )
    .addHelpText('after', '\nExit code 0: the log-in holds. 1: it does not, or Fragment could not be asked.')
    .action(async ({ file }: { file?: string }) => {
      const given = file === undefined ? await readWhole(process.stdin) : await readFile(file, 'utf8');
      const cookies = readCookies(given);
      if (!cookies) throw new WrongUseError('No cookies of a log-in were given: stel_ssid and stel_token are needed.');
      judge(await logIn(loadConfig(), cookies));
    });
}

/** Stores the cookies and has them renewed at once, which shows whether they hold. */
async function logIn(config: Config, cookies: FragmentCookies): Promise<Outcome<{ loggedIn: boolean }>> {
  const logger = createLogger({ name: 'fragment', ...config.log, level: 'silent' });
  const url = config.database.url.reveal();
  const pool = await openPool({ url, size: 1, applicationName: 'holdfast-fragment', logger, checkRows: false });
  const fragmentSessions = createFragmentSessions(pool);
  const providers = createProviders({ config, logger, fragmentSessions });
  try {
    await openFragmentVault(config, fragmentSessions).put(cookies);
    const [provider] = providers.stars;
    if (!provider) throw new RefusalError('Nobody sells Stars here.');
    return await provider.refreshSession();
  } finally {
    providers.close();
    await pool.end();
  }
}

function judge(renewed: Outcome<{ loggedIn: boolean }>): void {
  switch (renewed.outcome) {
    case 'done':
      return printLine('Logged in at Fragment, and our wallet is linked. The cookies lie sealed in the database.');
    case 'refused':
      throw new RefusalError('Stored, but Fragment does not accept these cookies: log in again and export them anew.');
    case 'not_sent':
    case 'unknown':
      throw new RefusalError(
        `Stored, but Fragment could not be asked (${renewed.reason}). A worker will try again by itself.`,
      );
  }
}
