import type { Command } from 'commander';
import { orderChecks } from '../ledger/audit-order-checks.ts';
import { type AuditEvent, type Finding, ledgerChecks, openAuditPool, runAudit } from '../ledger/audit.ts';
import { loadConfig } from '../platform/config.ts';
import { createLogger } from '../platform/logger.ts';
import { examples, printJson, printLine } from './verb.ts';

/** Findings per check that are kept for the answer as JSON; the count is of all. */
const findingsKeptMax = 1_000;
/** Findings per check that are shown to a person. */
const findingsShownMax = 20;

export function registerAudit(program: Command): void {
  program
    .command('audit')
    .description('Proves the books: every promise about money is checked against one snapshot of the database.')
    .option('--json', 'answer as JSON', false)
    .addHelpText('after', examples('holdfast audit', 'holdfast audit --json | jq .findings'))
    .addHelpText('after', '\nExit code 0: everything holds. 1: it does not, and each offending row is named.')
    .action(async (options: { json: boolean }) => {
      const { database, log } = loadConfig();
      const logger = createLogger({ name: 'audit', ...log, level: 'warn' });
      const pool = await openAuditPool(database.ownerUrl.reveal(), logger);
      try {
        const report = createReport(options.json ? () => undefined : printLine);
        const { findings } = await runAudit(pool, [...ledgerChecks, ...orderChecks], report.tell);
        if (options.json) printJson({ ok: findings === 0, ...report.collected() });
        else printLine(findings === 0 ? 'Everything holds.' : `${findings} findings: the books do not hold.`);
        if (findings > 0) process.exitCode = 1;
      } finally {
        await pool.end();
      }
    });
}

/** Prints as the audit goes on, and keeps a bounded part of what it found. */
function createReport(print: (line: string) => void) {
  const findings: Finding[] = [];
  const checks: { check: string; promise: string; findings: number }[] = [];
  let ofThisCheck: Finding[] = [];

  return {
    tell(event: AuditEvent): void {
      if (event.kind === 'finding') {
        if (ofThisCheck.length < findingsKeptMax) ofThisCheck.push(event.finding);
        return;
      }
      const { kind: _, ...check } = event;
      checks.push(check);
      findings.push(...ofThisCheck);
      print(`${check.findings === 0 ? 'ok    ' : 'FAILED'}  ${check.check}: ${check.promise}`);
      for (const { subject, detail } of ofThisCheck.slice(0, findingsShownMax))
        print(`          ${subject}: ${detail}`);
      if (check.findings > findingsShownMax) print(`          and ${check.findings - findingsShownMax} more`);
      ofThisCheck = [];
    },
    collected: () => ({ checks, findings }),
  };
}
