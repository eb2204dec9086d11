import { join } from 'node:path';
import { pause } from '../../platform/pause.ts';
import { endProcess, type ServerExit } from '../infrastructure/processes.ts';
import { type RunningPart, mainScript } from './children.ts';
import { readJson, stateFiles, writeJson } from './state.ts';

export interface Supervisor {
  /** Starts a part and keeps it alive from then on: one that dies is started again, after a growing pause. */
  keep(name: string, launch: () => Promise<RunningPart>): Promise<void>;
  /** Ends the parts, the last started first. */
  stop(): Promise<void>;
}

export interface SupervisorOptions {
  readonly home: string;
  /** Set when the end has begun: nothing is started again. */
  readonly closing: AbortSignal;
  readonly say: (line: string) => void;
}

const pauseMsMin = 500;
const pauseMsMax = 30_000;
/** A part that lived this long had no trouble starting; its next pause is the shortest again. */
const healthyMs = 60_000;

export function createSupervisor({ home, closing, say }: SupervisorOptions): Supervisor {
  const parts = new Map<string, RunningPart>();

  function remember(name: string, part: RunningPart): void {
    parts.set(name, part);
    writeJson(join(home, stateFiles.children), Object.fromEntries([...parts].map(([key, { pid }]) => [key, pid])));
  }

  async function revive(name: string, launch: () => Promise<RunningPart>): Promise<void> {
    let pauseMs = pauseMsMin;
    for (;;) {
      const startedAt = performance.now();
      const exit = await parts.get(name)?.exited;
      parts.delete(name);
      pauseMs = performance.now() - startedAt > healthyMs ? pauseMsMin : Math.min(pauseMs * 2, pauseMsMax);
      await pause(pauseMs, closing);
      if (closing.aborted) return;
      say(`${name} ended (${describeExit(exit)}); starting it again`);
      while (!parts.has(name)) {
        const problem = await launch().then((part) => remember(name, part), String);
        if (problem === undefined) break;
        pauseMs = Math.min(pauseMs * 2, pauseMsMax);
        say(`${name} could not be started again, next try in ${pauseMs / 1000} s: ${problem}`);
        await pause(pauseMs, closing);
        if (closing.aborted) return;
      }
      if (closing.aborted) return;
      say(`${name} is back`);
    }
  }

  return {
    async keep(name, launch) {
      remember(name, await launch());
      void revive(name, launch);
    },
    async stop() {
      for (const part of [...parts.values()].toReversed()) await part.stop();
    },
  };
}

/** Ends our own processes that a killed start left behind; the servers of others are ended where they are started. */
export async function endLeftChildren(home: string): Promise<void> {
  const left = readJson<Record<string, number>>(join(home, stateFiles.children)) ?? {};
  await Promise.all(Object.values(left).map((pid) => endProcess(pid, { shows: mainScript, polite: 'SIGTERM' })));
}

function describeExit(exit: ServerExit | undefined): string {
  return exit?.signal ?? `code ${exit?.code ?? 'unknown'}`;
}
