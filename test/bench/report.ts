import { type Figure, isReached, type Summary } from './compare.ts';
import type { CostFigure } from './cost-figure.ts';
import type { DelayFigure } from './delay-figure.ts';
import type { Machine } from './machine.ts';
import type { MemoryFigure } from './memory-figure.ts';
import type { PageFigure } from './page-figure.ts';

/** When a row was taken, where rows of several days stand together. */
export interface Taken {
  /** A day, `2026-11-28`. */
  readonly takenOn?: string;
}

/** Everything that one run of the benches found. */
export interface BenchReport {
  readonly takenAt: string;
  readonly quick: boolean;
  readonly machine: Machine;
  readonly figures: readonly (Figure & Taken)[];
  readonly memory: readonly (MemoryFigure & Taken)[];
  readonly delays?: readonly (DelayFigure & Taken)[];
  readonly pages?: readonly (PageFigure & Taken)[];
  readonly costs?: readonly (CostFigure & Taken)[];
}

const headings = ['bench', 'baseline', 'ours', 'bare', 'ratio (spread)', 'wanted', 'p50 / p95 / p99 ms', 'errors'];

/** The table for a terminal. */
export function screenTable(report: BenchReport): string {
  const rows = [headings, ...tableRows(report)];
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The table, the details and the machine, as they stand in the documentation. */
export function markdownReport(report: BenchReport): string {
  const { machine } = report;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `Each row was taken on its own day, on the machine of that day. Machine and load of the last run,`,
    `${report.takenAt.slice(0, 10)}:`,
    `${machine.cores} cores (${machine.processor}), ${machine.memoryGiB} GiB,`,
    `${machine.system}, Node ${machine.node}, PostgreSQL ${machine.postgres}, Temporal ${machine.temporal}.`,
    `Load of the machine before the first run: ${machine.loadBefore.toFixed(2)}.`,
    '',
    line([...headings, 'taken']),
    line([...headings, ''].map(() => '---')),
    ...datedRows(report).map(line),
    '',
    ...report.figures.flatMap(detailLines),
  ].join('\n');
}

/** The rows with their days; the order is that of the plain ones. */
function datedRows(report: BenchReport): string[][] {
  const { figures, memory, delays = [], pages = [], costs = [] } = report;
  const taken: readonly Taken[] = [...figures, ...memory, ...delays, ...pages, ...costs];
  return tableRows(report).map((row, index) => [...row, taken[index]?.takenOn ?? '']);
}

function tableRows({ figures, memory, delays = [], pages = [], costs = [] }: BenchReport): string[][] {
  const rows = [...figures.map(figureRow), ...memory.map(memoryRow), ...delays.map(delayRow), ...pages.map(pageRow)];
  return [...rows, ...costs.map(costRow)];
}

function figureRow(figure: Figure): string[] {
  const { bench, baseline, ours, bare, ratio, wantedRatio } = figure;
  const { p50, p95, p99 } = ours.latency;
  const verdict = wantedRatio === undefined ? 'reported' : `>= ${wantedRatio}${isReached(figure) ? '' : ' MISSED'}`;
  return [
    bench,
    baseline,
    perSecond(ours),
    perSecond(bare),
    `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)})`,
    verdict,
    `${ms(p50)} / ${ms(p95)} / ${ms(p99)}`,
    String(ours.errors + bare.errors),
  ];
}

function memoryRow({ bench, baseline, before, after, growth, growthMax }: MemoryFigure): string[] {
  const verdict = `<= ${(1 + growthMax).toFixed(2)}${growth <= growthMax ? '' : ' MISSED'}`;
  return [bench, baseline, mib(after), mib(before), (1 + growth).toFixed(2), verdict, '', ''];
}

function delayRow({ bench, under, latency: { p50, p95, p99 }, p99MaxMs, errors }: DelayFigure): string[] {
  const verdict = `p99 <= ${p99MaxMs} ms${p99 <= p99MaxMs ? '' : ' MISSED'}`;
  return [bench, under, '', '', '', verdict, `${ms(p50)} / ${ms(p95)} / ${ms(p99)}`, String(errors)];
}

function pageRow({ bench, baseline, unit, ours, bare, ratio }: PageFigure): string[] {
  const cell = ({ median }: PageFigure['ours']) => `${median.toFixed(unit === 'ms' ? 0 : 1)} ${unit}`;
  const spread = `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)})`;
  return [bench, baseline, cell(ours), cell(bare), spread, 'reported', '', ''];
}

function costRow({ bench, count, each }: CostFigure): string[] {
  const parts = Object.entries(each).map(([name, figure]) => `${figure.toFixed(1)} ${name}`);
  return [bench, `${parts.join(', ')} (of ${count})`, '', '', '', 'reported', '', ''];
}

/** What a figure says beside its row: moments of an act, CPU, complaints. */
export function detailLines({ bench, ours, bare }: Figure): string[] {
  const moments = Object.keys(ours.moments).map((name) => {
    const [a, b] = [ours.moments[name], bare.moments[name]];
    const [our, their] = [a, b].map((one) => `${ms(one?.p50)} / ${ms(one?.p95)} / ${ms(one?.p99)} ms`);
    return `- ${bench}, ${name}: p50 / p95 / p99 ${our}, bare ${their}`;
  });
  const cpu = Object.keys(ours.cpuMsEach).map((name) => {
    return `- ${bench}, CPU of ${name} each: ${ms(ours.cpuMsEach[name])} ms, bare ${ms(bare.cpuMsEach[name])} ms`;
  });
  const complaints = [...ours.complaints, ...bare.complaints].map((text) => `- ${bench}, failed: ${text}`);
  return [...moments, ...cpu, ...complaints];
}

function perSecond({ perSecond: { median } }: Summary): string {
  return `${median.toFixed(median < 100 ? 1 : 0)}/s`;
}

function ms(figure: number | undefined): string {
  if (figure === undefined || Number.isNaN(figure)) return '-';
  return figure.toFixed(figure < 10 ? 1 : 0);
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
