import assert from 'node:assert/strict';
import { sqlState } from '../../db/errors.ts';

/** That the database refuses, with this SQLSTATE. */
export async function rejectsWith(state: string, statement: Promise<unknown>): Promise<void> {
  await assert.rejects(statement, (error: unknown) => {
    assert.equal(sqlState(error), state, String(error));
    return true;
  });
}

export const checkViolation = '23514';
export const insufficientPrivilege = '42501';
export const restrictViolation = '23001';
export const numericOutOfRange = '22003';
export const invalidText = '22P02';
