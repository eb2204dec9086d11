import { Command, CommanderError } from 'commander';
import { ConfigError } from '../platform/config.ts';
import { examples, RefusalError, WrongUseError } from './verb.ts';
import { verbs } from './verbs.ts';

/** Runs one verb; resolves with the exit code: 0, 1 for a finding or a failure, 2 for wrong use. */
async function main(parameters: readonly string[]): Promise<number> {
  const program = new Command('holdfast')
    .description('A durable commerce backend for Telegram: start it, look into it, prove it correct.')
    .exitOverride()
    .showHelpAfterError('(--help shows how)')
    .addHelpText('after', examples('holdfast start', 'holdfast audit', 'holdfast explain <id>'));
  for (const verb of verbs) {
    if (verb.name === parameters[0]) (await verb.load())(program);
    else program.command(verb.name).summary(verb.summary).description(verb.summary);
  }
  for (const command of program.commands) command.exitOverride().showHelpAfterError('(--help shows how)');
  if (parameters.length === 0) {
    program.outputHelp();
    return 2;
  }
  await program.parseAsync([...parameters], { from: 'user' });
  return Number(process.exitCode ?? 0);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof ConfigError || error instanceof WrongUseError) return complain(error.message, 2);
  if (error instanceof RefusalError) return complain(error.message, 1);
  return complain(error instanceof Error ? (error.stack ?? error.message) : String(error), 1);
}

function complain(message: string, code: number): number {
  process.stderr.write(`${message}\n`);
  return code;
}

process.exitCode = await main(process.argv.slice(2)).catch(exitCodeOf);
