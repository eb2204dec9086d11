import { randomUUID } from 'node:crypto';
import type { SimulatorParts } from '../../simulator-kit.ts';
import type { Collections, PaymentObject, RefundObject, Settings, StoredNotification } from './model.ts';

/**
 * When a notification is delivered again, in seconds after the event, until the answer is exactly 200: read as offsets,
 * because as gaps they would not fit into the 24 h that the documents promise.
 */
export const retryOffsetsSeconds = [0, 10, 42, 84, 168, 672, 5_376, 86_016] as const;

const timeoutMs = 30_000;

export interface NotifyOptions {
  /** How many times the same notification is sent, each with its own retries. */
  readonly times?: number;
  readonly delayMs?: number;
}

export interface Notifications {
  /** Tells the shop. Nothing happens when it has no notification URL. */
  notify(event: string, object: PaymentObject | RefundObject, options?: NotifyOptions): void;
  /** The job that delivers one notification. */
  deliver(data: { notificationId: string }): Promise<void>;
}

/** The webhooks of the simulated shop, with the documented retry ladder. */
export function createNotifications(
  parts: SimulatorParts,
  { notifications }: Collections,
  settings: Settings,
): Notifications {
  const { store, jobs, clock, notifier } = parts;

  function scheduleAttempt(notification: StoredNotification): void {
    const offsetMs = (retryOffsetsSeconds[notification.attempts] ?? 0) * 1_000 * settings.retryScale;
    jobs.schedule({
      kind: 'notification',
      data: { notificationId: notification.id },
      dueAtMs: notification.firstAtMs + offsetMs,
    });
  }

  return {
    notify(event, object, { times = 1, delayMs = 0 } = {}) {
      if (settings.webhookUrl === undefined) return;
      for (let copy = 0; copy < times; copy += 1) {
        const notification: StoredNotification = {
          id: randomUUID(),
          event,
          objectId: object.id,
          // The object of this moment: later changes do not reach a notification that is on its way.
          object: structuredClone(object),
          firstAtMs: clock.nowMs() + delayMs,
          attempts: 0,
          state: 'waiting',
        };
        notifications.put(notification.id, notification);
        scheduleAttempt(notification);
      }
    },
    async deliver({ notificationId }) {
      const notification = notifications.get(notificationId);
      if (!notification || notification.state !== 'waiting' || settings.webhookUrl === undefined) return;
      const status = await notifier.send({
        url: settings.webhookUrl,
        headers: { 'content-type': 'application/json', 'user-agent': 'yookassa-simulator' },
        body: JSON.stringify({ type: 'notification', event: notification.event, object: notification.object }),
        timeoutMs,
      });
      // A reset in the meantime has forgotten it.
      if (!notifications.get(notificationId)) return;
      notification.attempts += 1;
      notification.lastStatus = status ?? null;
      if (status === 200) notification.state = 'received';
      else if (notification.attempts >= retryOffsetsSeconds.length) notification.state = 'given_up';
      store.atomically(() => {
        notifications.put(notificationId, notification);
        if (notification.state === 'waiting') scheduleAttempt(notification);
      });
    },
  };
}
