import type { Command } from 'commander';

export { RefusalError } from './infrastructure/refusal.ts';

/**
 * One verb of `holdfast`. Its file `cli/<verb>.ts` exports `register<Verb>(program)`, which adds one commander command
 * with a description, options (`--json` where it answers something) and examples in its help; `cli/verbs.ts` names the
 * file. An action resolves with the exit code: 0, or 1 for a finding. Wrong use is a `WrongUseError`: exit code 2.
 */
export interface Verb {
  readonly name: string;
  readonly summary: string;
  load(): Promise<(program: Command) => void>;
}

/** The person asked for something that cannot be meant; exit code 2, the message alone. */
export class WrongUseError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WrongUseError';
  }
}

/** Examples as they stand at the end of a verb's help. */
export function examples(...lines: readonly string[]): string {
  return ['', 'Examples:', ...lines.map((line) => `  $ ${line}`)].join('\n');
}

/** Writes an answer for a machine; bigint becomes text. */
export function printJson(value: unknown): void {
  const text = JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? part.toString() : part), 2);
  process.stdout.write(`${text}\n`);
}

/** Writes one line for a person. */
export function printLine(line = ''): void {
  process.stdout.write(`${line}\n`);
}
