import { sql } from 'slonik';
import { z } from 'zod';
import type { CommonQueryMethods } from './pool.ts';

const aliveRow = z.object({ alive: z.number() });

/** Asks the database for the smallest answer; throws when it cannot give it. */
export async function pingDatabase(db: CommonQueryMethods): Promise<void> {
  await db.one(sql.prepared('ping', aliveRow)`SELECT 1 AS alive`);
}
