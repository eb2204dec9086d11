import { type Latency, latencyOf } from './statistics.ts';

/** Notes that a moment of an act has come, such as its first answer. */
export type Mark = (moment: string) => void;

/** Milliseconds of CPU that groups of processes have used so far. */
export type CpuReading = Readonly<Record<string, number>>;

export interface Load {
  /** So many act at once; each begins anew as soon as it has ended (a closed loop). */
  readonly callers: number;
  /** Acts that end in this time are not counted. */
  readonly warmUpMs: number;
  readonly durationMs: number;
  readonly act: (mark: Mark) => Promise<void>;
  readonly cpu?: () => CpuReading;
}

/** What one run of a load gave. */
export interface Run {
  readonly count: number;
  readonly errors: number;
  readonly perSecond: number;
  readonly latency: Latency;
  /** From the beginning of an act to each of its moments. */
  readonly moments: Readonly<Record<string, Latency>>;
  /** For each act that was counted. */
  readonly cpuMsEach: CpuReading;
  /** What the first failures said. */
  readonly complaints: readonly string[];
}

interface Ended {
  readonly atMs: number;
  readonly tookMs: number;
  readonly moments: Readonly<Record<string, number>>;
}

const complaintsMax = 3;

/** Puts a load on, in a closed loop with a warm-up. An act that throws is an error and is not counted as done. */
export async function runLoad(load: Load): Promise<Run> {
  const ended: Ended[] = [];
  const failedAtMs: number[] = [];
  const complaints: string[] = [];
  const startedMs = performance.now();
  const [fromMs, untilMs] = [startedMs + load.warmUpMs, startedMs + load.warmUpMs + load.durationMs];

  async function caller(): Promise<void> {
    while (performance.now() < untilMs) {
      const beganMs = performance.now();
      const moments: Record<string, number> = {};
      try {
        await load.act((moment) => (moments[moment] = performance.now() - beganMs));
        const atMs = performance.now();
        ended.push({ atMs, tookMs: atMs - beganMs, moments });
      } catch (error) {
        failedAtMs.push(performance.now());
        if (complaints.length < complaintsMax) complaints.push(error instanceof Error ? error.message : String(error));
      }
    }
  }

  const cpu = readCpu(load, fromMs, untilMs);
  await Promise.all(Array.from({ length: load.callers }, caller));
  const isCounted = (atMs: number) => atMs >= fromMs && atMs <= untilMs;
  const counted = ended.filter(({ atMs }) => isCounted(atMs));
  return {
    count: counted.length,
    errors: failedAtMs.filter(isCounted).length,
    perSecond: counted.length / (load.durationMs / 1_000),
    latency: latencyOf(counted.map(({ tookMs }) => tookMs)),
    moments: momentsOf(counted),
    cpuMsEach: divide(await cpu, counted.length),
    complaints,
  };
}

/** Reads what was used between the two moments; the readings are taken while the load goes on. */
async function readCpu({ cpu }: Load, fromMs: number, untilMs: number): Promise<CpuReading> {
  if (cpu === undefined) return {};
  await sleepUntil(fromMs);
  const before = cpu();
  await sleepUntil(untilMs);
  const after = cpu();
  return Object.fromEntries(Object.entries(after).map(([name, used]) => [name, used - (before[name] ?? 0)]));
}

function sleepUntil(atMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, atMs - performance.now())));
}

function momentsOf(counted: readonly Ended[]): Record<string, Latency> {
  const names = new Set(counted.flatMap(({ moments }) => Object.keys(moments)));
  return Object.fromEntries(
    [...names].map((name) => [name, latencyOf(counted.flatMap(({ moments }) => moments[name] ?? []))]),
  );
}

function divide(reading: CpuReading, count: number): CpuReading {
  return Object.fromEntries(Object.entries(reading).map(([name, used]) => [name, used / Math.max(1, count)]));
}
