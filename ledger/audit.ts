import { sql } from 'slonik';
import { z } from 'zod';
import { type CommonQueryMethods, type DatabasePool, openPool } from '../db/pool.ts';
import type { Logger } from '../platform/logger.ts';
import { type AuditCheck, balanceChecks } from './audit-checks.ts';
import { holdChecks } from './audit-hold-checks.ts';
import { sealChecks } from './audit-seal-checks.ts';

export interface Finding {
  readonly check: string;
  /** The offending row: `transfer 12`, `entry 5`, `hold generation/.../reserve`, `order topup/...`. */
  readonly subject: string;
  readonly detail: string;
}

/** What a run of the audit tells, check by check. */
export type AuditEvent =
  | { readonly kind: 'finding'; readonly finding: Finding }
  | { readonly kind: 'checked'; readonly check: string; readonly promise: string; readonly findings: number };

/** All that must hold inside the ledger, at every committed snapshot. */
export const ledgerChecks: readonly AuditCheck[] = [...balanceChecks, ...holdChecks, ...sealChecks];

const findingRow = z.object({ subject: z.string(), detail: z.string() });
const rowsPerFetch = 200;
const sqlTimeoutMs = 30 * 60 * 1000;

/**
 * A pool of one connection that may read every table: the owner's. Kept apart from the application's pools, since an
 * audit of a large ledger takes minutes.
 */
export function openAuditPool(ownerUrl: string, logger: Logger): Promise<DatabasePool> {
  const options = { applicationName: 'holdfast-audit', statementTimeoutMs: sqlTimeoutMs, checkRows: false };
  return openPool({ url: ownerUrl, size: 1, logger, ...options });
}

/**
 * Runs checks against one snapshot of the database, one after the other, and tells every violation. Memory is bounded
 * however large the ledger: sums are made in the database, and findings are read through a cursor. It writes nothing
 * and locks nothing.
 */
export async function runAudit(
  pool: DatabasePool,
  checks: readonly AuditCheck[],
  tell: (event: AuditEvent) => void,
): Promise<{ findings: number }> {
  return pool.transaction(async (transaction) => {
    await transaction.query(sql.unsafe`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`);
    return runChecks(transaction, checks, tell);
  });
}

/** The checks of an audit inside a transaction of the caller's. */
export async function runChecks(
  transaction: CommonQueryMethods,
  checks: readonly AuditCheck[],
  tell: (event: AuditEvent) => void,
): Promise<{ findings: number }> {
  let sum = 0;
  for (const check of checks) {
    const findings = await runCheck(transaction, check, (finding) => tell({ kind: 'finding', finding }));
    tell({ kind: 'checked', check: check.name, promise: check.promise, findings });
    sum += findings;
  }
  return { findings: sum };
}

async function runCheck(
  transaction: CommonQueryMethods,
  { name, violations }: AuditCheck,
  tell: (finding: Finding) => void,
): Promise<number> {
  await transaction.query(sql.unsafe`DECLARE violation NO SCROLL CURSOR FOR ${violations}`);
  let findings = 0;
  for (let fetched = rowsPerFetch; fetched === rowsPerFetch; findings += fetched) {
    const rows = await transaction.any(sql.type(findingRow)`FETCH 200 FROM violation`);
    for (const row of rows) tell({ check: name, ...row });
    fetched = rows.length;
  }
  await transaction.query(sql.unsafe`CLOSE violation`);
  return findings;
}
