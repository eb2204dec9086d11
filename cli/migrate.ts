import type { Command } from 'commander';
import { migrate } from '../db/migrate.ts';
import { loadConfig } from '../platform/config.ts';
import { createLogger } from '../platform/logger.ts';
import { examples, printJson, printLine } from './verb.ts';

export function registerMigrate(program: Command): void {
  program
    .command('migrate')
    .description('Brings the database to this version. Forward only; two at once wait for each other.')
    .option('--json', 'answer as JSON', false)
    .addHelpText('after', examples('holdfast migrate', 'holdfast migrate --json'))
    .action(async (options: { json: boolean }) => {
      const { database, log } = loadConfig();
      const logger = createLogger({ name: 'migrate', ...log, level: options.json ? 'silent' : log.level });
      const report = await migrate({ ownerUrl: database.ownerUrl.reveal(), appUrl: database.url.reveal(), logger });
      if (options.json) printJson(report);
      else
        printLine(
          report.applied.length === 0 ? 'The database is up to date.' : `Applied: ${report.applied.join(', ')}`,
        );
    });
}
