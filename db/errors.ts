import { InvalidInputError } from 'slonik';

const invalidText = '22P02';

/** The SQLSTATE of a database error, however deep the library wrapped it; undefined for other errors. */
export function sqlState(error: unknown): string | undefined {
  for (let depth = 0, current = error; depth < 6 && current instanceof Error; depth += 1, current = current.cause) {
    // The library keeps nothing of this one but its text.
    if (current instanceof InvalidInputError) return invalidText;
    const code = (current as { code?: unknown }).code;
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return code;
  }
  return undefined;
}

const deadlock = '40P01';
const uniqueViolation = '23505';

/** A caller may ask again at once: a deadlock's victim, or the loser of two racing first uses of one key. */
function mayAskAgain(error: unknown): boolean {
  const state = sqlState(error);
  return state === deadlock || state === uniqueViolation;
}

/**
 * Runs a keyed statement, again after a deadlock or a race for its key (the only retries of the ledger). The statement
 * must be a single transaction that is safe to repeat under its key.
 */
export async function askAgain<T>(statement: () => Promise<T>, attemptsMax = 3): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await statement();
    } catch (error) {
      if (attempt >= attemptsMax || !mayAskAgain(error)) throw error;
    }
  }
}
