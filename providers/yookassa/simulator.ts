import type { Logger } from 'pino';
import { type Simulator, createSimulator } from '../simulator-kit.ts';
import { apiRoutes } from './simulator/api.ts';
import { controlRoutes } from './simulator/controls.ts';
import type { Collections, RefundObject, Settings, StoredNotification, StoredPayment } from './simulator/model.ts';
import { createNotifications } from './simulator/notifications.ts';
import { pageRoutes } from './simulator/page-routes.ts';
import { createPayments } from './simulator/payments.ts';
import { createRefunds } from './simulator/refunds.ts';

export interface YookassaSimulatorOptions extends Partial<Omit<Settings, 'webhookUrl'>> {
  readonly shopId: string;
  readonly secretKey: string;
  readonly logger: Logger;
  /** The shop's one notification URL; without it the shop is not told. */
  readonly webhookUrl?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Where payments and pending notifications are kept over restarts; without it, in memory. */
  readonly statePath?: string;
}

/** Where the API begins on the simulator's origin, as on the real host. */
export const simulatorApiPath = '/v3';

/**
 * The twin of YooKassa: its API under `/v3`, the payer's page, notifications, and controls under `/_sim`. A client
 * needs only another origin.
 */
export function createYookassaSimulator(options: YookassaSimulatorOptions): Simulator {
  const { logger, port, host, statePath, shopId, secretKey } = options;
  const listening = {
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host }),
    ...(statePath === undefined ? {} : { statePath }),
  };
  return createSimulator({ name: 'yookassa', logger, ...listening }, (parts) => {
    const settings = initialSettings(options);
    const collections: Collections = {
      payments: parts.store.collection<StoredPayment>('payments'),
      refunds: parts.store.collection<RefundObject>('refunds'),
      notifications: parts.store.collection<StoredNotification>('notifications'),
    };
    const notifications = createNotifications(parts, collections, settings);
    const payments = createPayments({ parts, collections, settings, notifications });
    const refunds = createRefunds({ clock: parts.clock, collections, settings, notifications });
    const api = apiRoutes({ parts, collections, settings, credentials: { shopId, secretKey }, payments, refunds });
    const pages = pageRoutes({ payments, stored: collections.payments, settings, clock: parts.clock });

    return {
      routes: [api, pages],
      controls: controlRoutes({ payments, refunds, settings }),
      jobs: { notification: notifications.deliver, expiry: payments.expire },
      state: () => ({
        payments: [...collections.payments.values()].map(payments.present),
        refunds: [...collections.refunds.values()],
        notifications: [...collections.notifications.values()].map(({ object: _object, ...rest }) => rest),
      }),
      reset: () => Object.assign(settings, initialSettings(options)),
    };
  });
}

function initialSettings(options: YookassaSimulatorOptions): Settings {
  return {
    webhookUrl: options.webhookUrl,
    retryScale: options.retryScale ?? 1,
    feeBps: options.feeBps ?? 280,
    vatBps: options.vatBps ?? 2_200,
    confirmationTermMs: options.confirmationTermMs ?? 60 * 60 * 1000,
    processingMs: options.processingMs ?? 0,
    requestsPerSecondMax: options.requestsPerSecondMax ?? 0,
    receiptRequired: options.receiptRequired ?? false,
    refundsPending: options.refundsPending ?? false,
    recipientShopId: options.recipientShopId ?? options.shopId,
    testPayments: options.testPayments ?? true,
  };
}
