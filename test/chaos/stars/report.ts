import { counted, type StarChaosReport } from './run.ts';

const violationsShownMax = 50;

/** The run as a person reads it. */
export function describeReport(report: StarChaosReport): string[] {
  const { seed, tookMs, deaths, endings, topups, chainMessages, violations } = report;
  const there = deaths.filter(({ how }) => how === 'there').map(({ place }) => place);
  const elsewhere = counted(deaths.filter(({ how }) => how !== 'there').map(({ how }) => how));
  const orders = Object.values(endings).reduce((sum, count) => sum + count, 0);
  return [
    '',
    `${deaths.length} workers were killed in ${Math.round(tookMs / 1_000)} s (seed ${seed}):`,
    ...table({ ...counted(there), ...elsewhere }),
    `${orders} orders ended:`,
    ...table(endings),
    'top-ups in crypto, by payer:',
    ...table(topups),
    `The chain took ${chainMessages} messages of our wallets.`,
    '',
    ...violations
      .slice(0, violationsShownMax)
      .flatMap(({ subject, what, evidence }) => [
        `✗ ${subject}: ${what}`,
        `    ${JSON.stringify(evidence, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part))}`,
      ]),
    violations.length === 0
      ? 'Everything holds: each order was paid at most once, and charged exactly when its Stars came.'
      : `${violations.length} violations.`,
  ];
}

function table(counts: Readonly<Record<string, number>>): string[] {
  return Object.entries(counts).map(([name, count]) => `  ${String(count).padStart(5)}  ${name}`);
}
