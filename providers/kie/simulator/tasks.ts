import { randomUUID } from 'node:crypto';
import type { SimulatorParts } from '../../simulator-kit.ts';
import type { Collection } from '../../simulator-store.ts';
import type { Credits } from './credits.ts';
import type { Plan } from './models.ts';
import type { Settings } from './options.ts';
import { readWords, withoutWords } from './words.ts';

export type TaskState = 'waiting' | 'queuing' | 'generating' | 'success' | 'fail';

export interface Delivery {
  readonly at: string;
  /** What the receiver answered; null: nothing in time. */
  readonly status: number | null;
}

/** A task as the simulator keeps it. */
export interface SimulatedTask {
  readonly taskId: string;
  readonly model: string;
  /** The original request, as text: recordInfo repeats it. */
  readonly param: string;
  readonly callBackUrl?: string;
  readonly plan: Plan;
  readonly createdAtMs: number;
  readonly visibleAtMs: number;
  /** When it ends by itself; absent: only by hand. */
  readonly dueAtMs?: number;
  end?: TaskEnd;
  readonly deliveries: Delivery[];
}

export interface TaskEnd {
  readonly state: 'success' | 'fail';
  readonly atMs: number;
  readonly pictures: number;
  readonly failCode: string;
  readonly failMsg: string;
}

export type Ending = { readonly count?: number } | { readonly failCode: string; readonly failMsg: string };

export interface Tasks {
  create(request: { model: string; param: string; callBackUrl: string | undefined; plan: Plan }): SimulatedTask;
  find(taskId: string): SimulatedTask | undefined;
  /** Newest first. */
  list(): SimulatedTask[];
  /** Ends a task now; undefined when it has ended already, and then nothing changes. */
  end(task: SimulatedTask, ending: Ending): TaskEnd | undefined;
  /** Ends a task as its prompt wants it: the job at the end of its time. */
  endByItself(taskId: string): void;
  save(task: SimulatedTask): void;
}

interface TasksDeps {
  readonly parts: SimulatorParts;
  readonly settings: Settings;
  readonly credits: Credits;
}

const tasksMax = 50_000;

/** The life of tasks: created, run by the simulator's clock, ended once, told by callback. */
export function createTasks({ parts, settings, credits }: TasksDeps): Tasks {
  const { store, clock, jobs } = parts;
  const kept: Collection<SimulatedTask> = store.collection('tasks');

  function create({ model, param, callBackUrl, plan }: Parameters<Tasks['create']>[0]): SimulatedTask {
    const { delayMs, propagationMs } = settings.now();
    const words = readWords(plan.prompt);
    const createdAtMs = clock.nowMs();
    const dueAtMs = createdAtMs + (words.durationMs ?? delayMs);
    const task: SimulatedTask = {
      taskId: `task_${randomUUID().replaceAll('-', '')}`,
      model,
      param,
      ...(callBackUrl === undefined ? {} : { callBackUrl }),
      plan,
      createdAtMs,
      visibleAtMs: createdAtMs + propagationMs,
      ...(words.stuck ? {} : { dueAtMs }),
      deliveries: [],
    };
    kept.put(task.taskId, task);
    credits.charge(task.taskId, plan.credits);
    if (!words.stuck) jobs.schedule({ kind: 'end', data: { taskId: task.taskId }, dueAtMs });
    forgetOldest();
    return task;
  }

  function end(task: SimulatedTask, ending: Ending): TaskEnd | undefined {
    if (task.end !== undefined) return undefined;
    const failed = 'failCode' in ending;
    const pictures = failed ? 0 : (ending.count ?? task.plan.pictures);
    task.end = {
      state: failed ? 'fail' : 'success',
      atMs: clock.nowMs(),
      pictures,
      failCode: failed ? ending.failCode : '',
      failMsg: failed ? ending.failMsg : '',
    };
    const undelivered = task.plan.credits - (task.plan.credits / task.plan.pictures) * pictures;
    if (undelivered > 0) credits.refund(task.taskId, undelivered);
    kept.put(task.taskId, task);
    const { silent, twice } = readWords(task.plan.prompt);
    const copies = silent || task.callBackUrl === undefined ? 0 : twice ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      jobs.schedule({ kind: 'callback', data: { taskId: task.taskId, attempt: 1 }, dueAtMs: task.end.atMs });
    }
    return task.end;
  }

  function forgetOldest(): void {
    const [oldest] = kept.size > tasksMax ? kept.ids() : [];
    if (oldest === undefined) return;
    kept.delete(oldest);
    credits.forget(oldest);
  }

  return {
    create,
    end,
    find: (taskId) => kept.get(taskId),
    list: () => [...kept.values()].toReversed(),
    endByItself(taskId) {
      const task = kept.get(taskId);
      if (task !== undefined) end(task, wantedEnding(task));
    },
    save: (task) => kept.put(task.taskId, task),
  };
}

function wantedEnding(task: SimulatedTask): Ending {
  const { fail, count } = readWords(task.plan.prompt);
  if (fail !== undefined) return { failCode: fail.code, failMsg: fail.message };
  return count === undefined ? {} : { count };
}

/** Where a task stands at a moment: waiting, queuing, generating by its share of time, then its end. */
export function stateAt(task: SimulatedTask, nowMs: number): TaskState {
  if (task.end !== undefined) return task.end.state;
  const share = shareDone(task, nowMs);
  if (share < 0.1) return 'waiting';
  return share < 0.3 ? 'queuing' : 'generating';
}

/** 0 to 100, as far as it is known. */
export function progressAt(task: SimulatedTask, nowMs: number): number {
  if (task.end?.state === 'success') return 100;
  return Math.min(99, Math.floor(shareDone(task, nowMs) * 100));
}

function shareDone(task: SimulatedTask, nowMs: number): number {
  if (task.dueAtMs === undefined) return 0.5;
  const length = task.dueAtMs - task.createdAtMs;
  return length <= 0 ? 1 : Math.min(1, Math.max(0, (nowMs - task.createdAtMs) / length));
}

/** The words of a task's prompt that are drawn. */
export function drawnText(task: SimulatedTask): string {
  return withoutWords(task.plan.prompt);
}
