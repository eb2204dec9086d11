import type { Credits } from './credits.ts';
import { progressAt, type SimulatedTask, stateAt } from './tasks.ts';

/** How the parts of the simulator show a task to the outside. */
export interface Records {
  /** `data` of recordInfo: `param` and `resultJson` are strings, times are milliseconds. */
  recordInfo(task: SimulatedTask): Record<string, unknown>;
  /** The whole body of a callback: `costTime` is in seconds here. */
  callback(task: SimulatedTask): Record<string, unknown>;
  resultUrls(task: SimulatedTask): string[];
}

interface RecordsDeps {
  readonly credits: Credits;
  readonly nowMs: () => number;
  readonly resultUrl: (task: SimulatedTask, number: number, expiresAtMs: number) => string;
  readonly resultTtlMs: () => number;
}

/** Records and callbacks of tasks in the provider's shapes. */
export function createRecords({ credits, nowMs, resultUrl, resultTtlMs }: RecordsDeps): Records {
  function resultUrls(task: SimulatedTask): string[] {
    const { end } = task;
    if (end?.state !== 'success') return [];
    const expiresAtMs = end.atMs + resultTtlMs();
    return Array.from({ length: end.pictures }, (_, index) => resultUrl(task, index + 1, expiresAtMs));
  }

  function recordInfo(task: SimulatedTask): Record<string, unknown> {
    const { end } = task;
    return {
      taskId: task.taskId,
      model: task.model,
      state: stateAt(task, nowMs()),
      param: task.param,
      resultJson: end?.state === 'success' ? JSON.stringify({ resultUrls: resultUrls(task) }) : '',
      failCode: end?.failCode ?? '',
      failMsg: end?.failMsg ?? '',
      costTime: end === undefined ? 0 : end.atMs - task.createdAtMs,
      completeTime: end?.atMs ?? 0,
      createTime: task.createdAtMs,
      updateTime: end?.atMs ?? task.createdAtMs,
      progress: progressAt(task, nowMs()),
      creditsConsumed: credits.spentOn(task.taskId),
    };
  }

  return {
    recordInfo,
    resultUrls,
    callback(task) {
      const failed = task.end?.state === 'fail';
      const { progress: _progress, creditsConsumed, costTime, ...record } = recordInfo(task);
      return {
        code: failed ? 501 : 200,
        msg: failed ? 'Playground task failed.' : 'Playground task completed successfully.',
        data: {
          ...record,
          costTime: Math.round(Number(costTime) / 1_000),
          consumeCredits: creditsConsumed,
          remainedCredits: credits.balance(),
        },
      };
    },
  };
}
