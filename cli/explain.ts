import type { Command } from 'commander';
import { explain, type Story } from '../db/explain.ts';
import { openAuditPool } from '../ledger/audit.ts';
import { loadConfig } from '../platform/config.ts';
import { createLogger } from '../platform/logger.ts';
import { examples, printJson, printLine, RefusalError } from './verb.ts';

export function registerExplain(program: Command): void {
  program
    .command('explain')
    .description('Tells what happened to a purchase, hold, transfer or user: every step with its cause, oldest first.')
    .argument('<id>', 'id of a purchase or user, key of a hold, number of a transfer, Telegram id')
    .option('--json', 'answer as JSON', false)
    .addHelpText(
      'after',
      examples(
        'holdfast explain 0198c0de-0000-7000-8000-000000000001',
        'holdfast explain generation/0198c0de-0000-7000-8000-000000000001/reserve',
        'holdfast explain 42 --json',
      ),
    )
    .action(async (id: string, options: { json: boolean }) => {
      const { database, log } = loadConfig();
      const logger = createLogger({ name: 'explain', ...log, level: 'warn' });
      const pool = await openAuditPool(database.ownerUrl.reveal(), logger);
      try {
        const story = await pool.connect((connection) => explain(connection, id));
        if (story === undefined) {
          throw new RefusalError(`There is no purchase, hold, transfer or user with the id ${id}.`);
        }
        if (options.json) printJson(story);
        else for (const line of tell(story)) printLine(line);
      } finally {
        await pool.end();
      }
    });
}

/** A story as lines for a person. */
export function tell({ kind, id, steps }: Story): string[] {
  const lines = steps.flatMap(({ at, what, facts, cause }) => [
    `${at}  ${what}`,
    `    ${pairs(facts)}`,
    ...(cause === null ? [] : [`    because ${pairs(cause)}`]),
  ]);
  const count = steps.length === 1 ? '1 step' : `${steps.length} steps`;
  return [`${kind} ${id}: ${count}`, ...lines];
}

function pairs(facts: object): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${spell(value)}`)
    .join(', ');
}

/** What stands inside another fact, in parentheses: `entries (account 7, amountMinor -4; account 9, amountMinor 4)`. */
function spell(value: unknown): string {
  if (Array.isArray(value)) return `(${value.map((part) => unwrapped(part)).join('; ')})`;
  return typeof value === 'object' && value !== null ? `(${pairs(value)})` : String(value);
}

function unwrapped(value: unknown): string {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? pairs(value) : spell(value);
}
