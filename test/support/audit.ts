import { sql } from 'slonik';
import { type AuditCheck } from '../../ledger/audit-checks.ts';
import { type Finding, openAuditPool, runAudit, runChecks } from '../../ledger/audit.ts';
import type { DatabaseTransactionConnection } from '../../db/pool.ts';
import { type BenchOptions, type LedgerBench, openLedgerBench } from './ledger.ts';
import { silent } from './log.ts';

export interface AuditBench extends LedgerBench {
  audit(checks: readonly AuditCheck[]): Promise<Finding[]>;
  /** What the checks find with these statements applied; they are undone afterwards. */
  auditWith(statements: readonly string[], checks: readonly AuditCheck[]): Promise<Finding[]>;
}

class Undo extends Error {}

/** A ledger of its own with the audit beside it. */
export async function openAuditBench(options: BenchOptions = {}): Promise<AuditBench> {
  const bench = await openLedgerBench(options);
  const pool = await openAuditPool(bench.database.ownerUrl, silent);

  async function plantAndCheck(
    transaction: DatabaseTransactionConnection,
    statements: readonly string[],
    checks: readonly AuditCheck[],
  ): Promise<Finding[]> {
    const findings: Finding[] = [];
    // The statements stand in the tests; the tag wants a literal, and an anonymous block takes one.
    for (const text of statements) {
      await transaction.query(sql.unsafe`SELECT set_config('test.statement', ${text}, true)`);
      await transaction.query(sql.unsafe`DO $$ BEGIN EXECUTE current_setting('test.statement'); END $$`);
    }
    await runChecks(transaction, checks, (event) => event.kind === 'finding' && findings.push(event.finding));
    return findings;
  }

  return {
    ...bench,
    async audit(checks) {
      const findings: Finding[] = [];
      await runAudit(pool, checks, (event) => event.kind === 'finding' && findings.push(event.finding));
      return findings;
    },
    async auditWith(statements, checks) {
      let findings: Finding[] = [];
      try {
        await pool.transaction(async (transaction) => {
          findings = await plantAndCheck(transaction, statements, checks);
          throw new Undo();
        });
      } catch (error) {
        if (!(error instanceof Undo)) throw error;
      }
      return findings;
    },
    async close() {
      await pool.end();
      await bench.close();
    },
  };
}
