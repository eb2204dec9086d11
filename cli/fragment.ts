import { readFile } from 'node:fs/promises';
import { text as readWhole } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { Outcome } from '../core/result.ts';
import { createFragmentSessions } from '../db/fragment-sessions.ts';
import { openPool } from '../db/pool.ts';
import { type Config, loadConfig } from '../platform/config.ts';
import { createLogger } from '../platform/logger.ts';
import { type FragmentCookies, readCookies } from '../providers/fragment/cookies.ts';
import { createMemorySessions } from '../providers/fragment/memory-sessions.ts';
import type { FragmentVault } from '../providers/fragment/session.ts';
import { createProviders, openFragmentVault } from '../providers/registry.ts';
import { reasonOf } from './doctor/finding.ts';
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
      const cookies = readCookies(file === undefined ? await readWhole(process.stdin) : await readGiven(file));
      if (!cookies) throw new WrongUseError('No cookies of a log-in were given: stel_ssid and stel_token are needed.');
      judge(await logIn(loadConfig(), cookies));
    });
}

async function readGiven(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new WrongUseError(`${file} cannot be read: ${reasonOf(error)}.`);
  }
}

type Renewed = Outcome<{ loggedIn: boolean }>;

/** Tries the cookies before they are stored, so that a wrong paste does not end a log-in that holds. */
async function logIn(config: Config, cookies: FragmentCookies): Promise<Renewed> {
  const logger = createLogger({ name: 'fragment', ...config.log, level: 'silent' });
  const url = config.database.url.reveal();
  // First of all: what Fragment has renewed must find its place.
  const pool = await openPool({ url, size: 1, applicationName: 'holdfast-fragment', logger, checkRows: false });
  const tried = createMemorySessions();
  const providers = createProviders({ config, logger, fragmentSessions: tried });
  try {
    const trial = openFragmentVault(config, tried);
    await trial.put(cookies);
    const [provider] = providers.stars;
    if (!provider) throw new RefusalError('Nobody sells Stars here.');
    const renewed = await provider.refreshSession();
    const session = await trial.open();
    if (renewed.outcome === 'done' && session) {
      await store(openFragmentVault(config, createFragmentSessions(pool)), session.cookies);
    }
    return renewed;
  } finally {
    providers.close();
    await pool.end();
  }
}

/** In place of whatever was there, and alive; unless somebody else has renewed it already. */
async function store(vault: FragmentVault, cookies: FragmentCookies): Promise<void> {
  await vault.put(cookies);
  const stored = await vault.open();
  if (stored?.state === 'expired') await vault.save({ ...stored, cookies, state: 'alive' }, { isRenewed: true });
}

function judge(renewed: Renewed): void {
  switch (renewed.outcome) {
    case 'done':
      return printLine('Logged in at Fragment, and our wallet is linked. The cookies lie sealed in the database.');
    case 'refused':
      throw new RefusalError(
        'Fragment does not accept these cookies: log in again and export them anew. Nothing was stored.',
      );
    case 'not_sent':
    case 'unknown':
      throw new RefusalError(`Fragment could not be asked (${renewed.reason}). Nothing was stored. Try again later.`);
  }
}
