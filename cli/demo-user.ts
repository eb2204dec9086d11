import type { Command } from 'commander';
import { demoUsers, findDemoUser } from '../core/demo.ts';
import { loadConfig } from '../platform/config.ts';
import { signInitData } from '../platform/init-data.ts';
import { examples, printJson, printLine, RefusalError, WrongUseError } from './verb.ts';

interface DemoUserOptions {
  readonly json?: boolean;
}

const names = demoUsers.map(({ name }) => name).join(', ');

export function registerDemoUser(program: Command): void {
  program
    .command('demo-user')
    .description(`Prints fresh init data of a demo person (${names}), to log in with for an hour.`)
    .argument('<name>', `one of ${names}`)
    .option('--json', 'answer as JSON: telegramId, name, role, initData')
    .addHelpText(
      'after',
      examples(
        'holdfast demo-user anna',
        'curl -s "$API/api/v1/auth/telegram" --json "$(holdfast demo-user anna --json)"',
      ),
    )
    .action((name: string, options: DemoUserOptions) => {
      const user = findDemoUser(name);
      if (user === undefined) throw new WrongUseError(`There is no demo person ${name}; there are: ${names}.`);
      const config = loadConfig();
      if (config.mode === 'production') throw new RefusalError('Demo people live in embedded mode only.');
      const initData = signInitData(user, config.botToken.reveal(), new Date());
      const { telegramId, role } = user;
      if (options.json === true) printJson({ telegramId, name: user.name, role, initData });
      else printLine(initData);
    });
}
