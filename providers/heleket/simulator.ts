import type { Logger } from 'pino';
import { type Simulator, createSimulator } from '../simulator-kit.ts';
import { type Credentials, apiRoutes } from './simulator/api.ts';
import { controlRoutes } from './simulator/controls.ts';
import { createInvoices } from './simulator/invoices.ts';
import type { Collections, Settings, StoredInvoice, StoredNotification, Traffic } from './simulator/model.ts';
import { createNotifications } from './simulator/notifications.ts';
import { pageRoutes } from './simulator/page-routes.ts';

export interface HeleketSimulatorOptions extends Partial<Settings>, Credentials {
  readonly logger: Logger;
  /** Default 0: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Where invoices and pending webhooks are kept over restarts; without it, in memory. */
  readonly statePath?: string;
}

/**
 * The twin of Heleket: its API under `/v1`, the payer's page with coins and networks, signed webhooks, and controls
 * under `/_sim`. A client needs only another origin.
 */
export function createHeleketSimulator(options: HeleketSimulatorOptions): Simulator {
  const { logger, port, host, statePath, merchantId, paymentKey, payoutKey } = options;
  const listening = {
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host }),
    ...(statePath === undefined ? {} : { statePath }),
  };
  return createSimulator({ name: 'heleket', logger, ...listening }, (parts) => {
    const settings = initialSettings(options);
    const collections: Collections = {
      invoices: parts.store.collection<StoredInvoice>('invoices'),
      orders: parts.store.collection<string>('orders'),
      notifications: parts.store.collection<StoredNotification>('notifications'),
    };
    const notifications = createNotifications(parts, collections, { settings, paymentKey });
    const invoices = createInvoices({ parts, collections, settings, notifications });
    const traffic: Traffic = { calls: 0, callsInSecondMax: 0 };
    const credentials = { merchantId, paymentKey, payoutKey };
    return {
      routes: [
        apiRoutes({ collections, settings, credentials, invoices, notifications, traffic }),
        pageRoutes({ invoices, stored: collections.invoices, clock: parts.clock }),
      ],
      controls: controlRoutes({ invoices, settings }),
      jobs: { notification: notifications.deliver, expiry: invoices.expire },
      state: () => ({
        invoices: [...collections.invoices.values()].map(invoices.present),
        notifications: [...collections.notifications.values()],
        traffic,
      }),
      reset: () => Object.assign(settings, initialSettings(options)),
    };
  });
}

function initialSettings(options: HeleketSimulatorOptions): Settings {
  return {
    moderated: options.moderated ?? true,
    feeBps: options.feeBps ?? 200,
    perPage: options.perPage ?? 100,
    retryScale: options.retryScale ?? 1,
    requestsPerSecondMax: options.requestsPerSecondMax ?? 0,
    unavailable: options.unavailable ?? [],
    minAmount: options.minAmount ?? '0.00001000',
  };
}
