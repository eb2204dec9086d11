import pc from 'picocolors';
import type { PartResult } from './execute.ts';

/** One line and, where something failed or the suite speaks, what it printed. */
export function describePart(result: PartResult): string {
  const mark = result.failed > 0 ? pc.red('✖') : pc.green('✔');
  const counts = [
    `${result.passed} passed`,
    ...(result.failed > 0 ? [pc.red(`${result.failed} failed`)] : []),
    ...(result.skipped.length > 0 ? [pc.yellow(`${result.skipped.length} skipped`)] : []),
  ];
  const line = `${mark} ${result.name.padEnd(14)} ${counts.join(', ').padEnd(24)} ${result.seconds.toFixed(1)} s`;
  return result.output.trim() === ''
    ? line
    : `${pc.dim(`--- ${result.name} ---`)}\n${result.output.trimEnd()}\n${line}`;
}

/** The whole run: what each part took, what was skipped and why, and the counts alone on the last line. */
export function describeRun(results: readonly PartResult[]): string {
  const skips = results.flatMap((result) => groupSkips(result));
  const retried = results.flatMap((result) => result.retried.map((title) => `  ${result.name}: ${title}`));
  const longest = results.toSorted((left, right) => right.seconds - left.seconds);
  const times = longest.map(({ name, seconds }) => `  ${name.padEnd(14)} ${seconds.toFixed(1).padStart(7)} s`);
  return [
    '',
    'What it took:',
    ...times,
    ...(skips.length > 0 ? ['', 'Skipped:', ...skips] : []),
    ...(retried.length > 0 ? ['', 'Failed once and passed, or failed again, at a second try:', ...retried] : []),
    '',
    countsLine(results),
  ].join('\n');
}

/** `N passed, N failed`, and `, N skipped` when there are any. */
function countsLine(results: readonly PartResult[]): string {
  const total = (count: (result: PartResult) => number): number =>
    results.reduce((sum, result) => sum + count(result), 0);
  const skipped = total((result) => result.skipped.length);
  const ending = skipped > 0 ? `, ${skipped} skipped` : '';
  return `${total((result) => result.passed)} passed, ${total((result) => result.failed)} failed${ending}`;
}

function groupSkips(result: PartResult): string[] {
  const byReason = Map.groupBy(result.skipped, ({ reason }) => reason);
  return [...byReason].map(([reason, tests]) => `  ${result.name}: ${tests.length} (${reason})`);
}
