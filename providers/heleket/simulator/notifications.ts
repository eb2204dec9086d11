import { randomUUID } from 'node:crypto';
import type { SimulatorParts } from '../../simulator-kit.ts';
import { phpJson, sign } from '../signature.ts';
import type { Collections, InvoiceObject, Settings, StoredNotification } from './model.ts';

/** When a webhook is delivered again, in seconds after the event, until any 2xx; the real ladder is not documented. */
const retryOffsetsSeconds = [0, 10, 60, 300, 1_800, 7_200, 43_200, 86_400] as const;

/** The statuses that are told; the others are only seen by reading. */
const toldStatuses: ReadonlySet<string> = new Set([
  'confirm_check',
  'paid',
  'paid_over',
  'fail',
  'wrong_amount',
  'cancel',
  'system_fail',
  'refund_process',
  'refund_fail',
  'refund_paid',
]);

const timeoutMs = 30_000;

export interface NotifyOptions {
  readonly notify?: boolean;
  readonly times?: number;
  readonly delayMs?: number;
  /** What the webhook says instead of the truth. */
  readonly claims?: string;
  /** Another key than the merchant's: a forger's. */
  readonly forgedWith?: string;
}

/** A webhook's body: the invoice's fields in their documented order, and the signature inside. */
function webhookBody(invoice: InvoiceObject, key: string): string {
  const fields = {
    type: 'payment',
    uuid: invoice.uuid,
    order_id: invoice.order_id,
    amount: invoice.amount,
    payment_amount: invoice.payment_amount,
    merchant_amount: invoice.merchant_amount,
    commission: invoice.commission,
    is_final: invoice.is_final,
    status: invoice.status,
    from: invoice.from,
    wallet_address_uuid: null,
    network: invoice.network,
    currency: invoice.currency,
    payer_currency: invoice.payer_currency,
    payer_amount: invoice.payer_amount,
    payer_amount_exchange_rate: invoice.payer_amount_exchange_rate,
    additional_data: invoice.additional_data,
    txid: invoice.txid,
  };
  return phpJson({ ...fields, sign: sign(phpJson(fields), key) });
}

/** The webhooks of the simulated merchant. */
export function createNotifications(
  parts: SimulatorParts,
  { notifications }: Collections,
  options: { readonly settings: Settings; readonly paymentKey: string },
) {
  const { store, jobs, clock, notifier } = parts;
  const { settings, paymentKey } = options;

  function scheduleAttempt(notification: StoredNotification): void {
    const offsetMs = (retryOffsetsSeconds[notification.attempts] ?? 0) * 1_000 * settings.retryScale;
    const data = { notificationId: notification.id };
    jobs.schedule({ kind: 'notification', data, dueAtMs: notification.firstAtMs + offsetMs });
  }

  return {
    /** Tells the merchant of a status, where that status is told. */
    notify(url: string | null, invoice: InvoiceObject, given: NotifyOptions = {}): void {
      const { notify = true, times = 1, delayMs = 0, claims = invoice.status, forgedWith = paymentKey } = given;
      if (url === null || !notify || !toldStatuses.has(claims)) return;
      for (let copy = 0; copy < times; copy += 1) {
        const notification: StoredNotification = {
          id: randomUUID(),
          uuid: invoice.uuid,
          status: claims,
          url,
          body: webhookBody({ ...invoice, status: claims }, forgedWith),
          firstAtMs: clock.nowMs() + delayMs,
          attempts: 0,
          state: 'waiting',
        };
        notifications.put(notification.id, notification);
        scheduleAttempt(notification);
      }
    },
    /** The job that delivers one notification. */
    async deliver({ notificationId }: { notificationId: string }): Promise<void> {
      const notification = notifications.get(notificationId);
      if (notification?.state !== 'waiting') return;
      const { url, body } = notification;
      const headers = { 'content-type': 'application/json', 'user-agent': 'heleket-simulator' };
      const status = await notifier.send({ url, headers, body, timeoutMs });
      // A reset in the meantime has forgotten it.
      if (!notifications.get(notificationId)) return;
      notification.attempts += 1;
      notification.lastStatus = status ?? null;
      if (status !== undefined && status >= 200 && status < 300) notification.state = 'received';
      else if (notification.attempts >= retryOffsetsSeconds.length) notification.state = 'given_up';
      store.atomically(() => {
        notifications.put(notificationId, notification);
        if (notification.state === 'waiting') scheduleAttempt(notification);
      });
    },
  };
}

export type Notifications = ReturnType<typeof createNotifications>;
