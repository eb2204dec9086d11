import { defineSignal, defineUpdate } from '@temporalio/workflow';

/*
 * What the bare processes agree on. The bare side does what the product does towards Temporal and the providers, with
 * the same activities, signals and events, and keeps nothing of its own: no database, no inbox, no undo, no refusals.
 */

export const bareQueues = { flows: 'bare', provider: 'bare-provider', waits: 'bare-waits' } as const;

export interface BareOrder {
  readonly id: string;
  readonly userId: string;
  readonly provider: string;
  readonly amountMinor: string;
}

export type BarePlaced = { readonly status: string; readonly payUrl: string | null };

export const place = defineUpdate<BarePlaced>('place');
export const notified = defineSignal<[{ readonly reference: string }]>('notified');

/** What the bare activities do, by the names and queues of the product's. */
export interface BareActivities {
  reserveGeneration(order: BareOrder): Promise<{ status: string }>;
  submitGeneration(order: BareOrder): Promise<{ taskId: string }>;
  awaitPictures(task: { taskId: string }): Promise<readonly string[]>;
  collectPictures(task: { taskId: string }): Promise<readonly string[]>;
  captureGeneration(order: BareOrder & { pictures: readonly string[] }): Promise<{ outcome: string; status: string }>;
  createPayment(order: BareOrder): Promise<{ paymentId: string; payUrl: string | null }>;
}

export function bareWorkflowId(flow: 'generation' | 'topup', id: string): string {
  return `bare-${flow}/${id}`;
}
