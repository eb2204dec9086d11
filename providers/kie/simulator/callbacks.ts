import { createHmac } from 'node:crypto';
import type { SimulatorParts } from '../../simulator-kit.ts';
import type { Settings } from './options.ts';
import type { Records } from './records.ts';
import type { Tasks } from './tasks.ts';

export interface CallbackJob {
  readonly taskId: string;
  /** From 1. */
  readonly attempt: number;
}

interface CallbacksDeps {
  readonly parts: SimulatorParts;
  readonly settings: Settings;
  readonly tasks: Tasks;
  readonly records: Records;
  readonly webhookKey?: string;
}

/**
 * Delivers callbacks: signed when the account has a webhook key, 15 s for a 200, and again after growing waits. The
 * waits are ours, since kie.ai documents none.
 */
export function createCallbacks(deps: CallbacksDeps): (job: CallbackJob) => Promise<void> {
  const { parts, settings, tasks, records, webhookKey } = deps;
  return async ({ taskId, attempt }) => {
    const task = tasks.find(taskId);
    if (task?.end === undefined || task.callBackUrl === undefined) return;
    const { callbackTimeoutMs, callbackRetryMs } = settings.now();
    const status = await parts.notifier.send({
      url: task.callBackUrl,
      headers: {
        'content-type': 'application/json',
        ...(webhookKey === undefined ? {} : signatureHeaders(webhookKey, taskId, parts.clock.nowMs())),
      },
      body: JSON.stringify(records.callback(task)),
      timeoutMs: callbackTimeoutMs,
    });
    task.deliveries.push({ at: new Date(parts.clock.nowMs()).toISOString(), status: status ?? null });
    tasks.save(task);
    const waitMs = callbackRetryMs[attempt - 1];
    if (status === 200 || waitMs === undefined) return;
    const data: CallbackJob = { taskId, attempt: attempt + 1 };
    parts.jobs.schedule({ kind: 'callback', data, dueAtMs: parts.clock.nowMs() + waitMs });
  };
}

/** Signs as the documents say, on its own: a mistake shared with the client's check would go unseen. */
function signatureHeaders(webhookKey: string, taskId: string, nowMs: number): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1_000));
  const signature = createHmac('sha256', webhookKey).update(`${taskId}.${timestamp}`).digest('base64');
  return { 'x-webhook-timestamp': timestamp, 'x-webhook-signature': signature };
}
