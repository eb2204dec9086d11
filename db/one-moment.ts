import { sql } from 'slonik';
import { z } from 'zod';
import type { CommonQueryMethods, DatabasePool } from './pool.ts';

/** Runs reads that all see the database as it was at one moment, however many statements they are. */
export function atOneMoment<T>(pool: DatabasePool, read: (db: CommonQueryMethods) => Promise<T>): Promise<T> {
  return pool.transaction(async (transaction) => {
    await transaction.query(sql.type(z.object({}))`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`);
    return read(transaction);
  });
}
