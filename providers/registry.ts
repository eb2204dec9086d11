import type { Config } from '../platform/config.ts';
import type { Logger } from '../platform/logger.ts';
import { createHttp, type Http, type HttpObservation } from './http.ts';
import { createHeleket } from './heleket/client.ts';
import { createKieClient } from './kie/client.ts';
import type { ChainWallet, GenerationProvider, PaymentProvider, StarsProvider } from './ports.ts';
import { createCardInvoices } from './telegram/card-invoices.ts';
import type { ChargeBook } from './telegram/charge-book.ts';
import { createTelegramClient } from './telegram/client.ts';
import { createStars } from './telegram/stars.ts';
import { createYookassa } from './yookassa/client.ts';

/** All outside systems of one process. A client that has a key talks to the real one, else to its simulator. */
export interface Providers {
  readonly payments: readonly PaymentProvider[];
  readonly generators: readonly GenerationProvider[];
  /** Who delivers Stars and Premium. */
  readonly stars: readonly StarsProvider[];
  /** Our wallets on the chain. The first one pays; the others only settle what they have signed. */
  readonly wallets: readonly ChainWallet[];
  /** The ways out, for health and metrics. */
  readonly https: ReadonlyMap<string, Http>;
  /** Calls per second that an account allows, by provider; kept by the server over all workers on its task queue. */
  readonly callsPerSecond: Readonly<Record<string, number>>;
  close(): void;
}

export interface ProvidersOptions {
  readonly config: Pick<Config, 'yookassa' | 'heleket' | 'kie' | 'telegram' | 'botToken'>;
  readonly logger: Logger;
  /** Our book of charges in Telegram; without it nothing is sold through Telegram here. */
  readonly chargeBook?: ChargeBook;
  readonly observe?: (observation: HttpObservation) => void;
}

/** Calls that the Bot API takes from one bot in a second, with room for the messages. */
const telegramCallsPerSecond = 25;

/** Builds the clients. Adding a provider is a folder and a line here. */
export function createProviders(options: ProvidersOptions): Providers {
  const { yookassa, heleket, kie } = options.config;
  const https = new Map<string, Http>();

  function way(provider: string): Http {
    const { logger, observe } = options;
    const http = createHttp({ provider, logger, ...(observe === undefined ? {} : { observe }) });
    https.set(provider, http);
    return http;
  }

  return {
    payments: [
      createYookassa({ ...yookassa, logger: options.logger, http: way('yookassa') }),
      ...(heleket.isOffered ? [createHeleket({ ...heleket, logger: options.logger, http: way('heleket') })] : []),
      ...(options.chargeBook === undefined
        ? []
        : telegramPayments(options.config, { http: way('telegram'), book: options.chargeBook })),
    ],
    generators: [createKieClient({ ...kie, http: way('kie'), filesHttp: way('kie-files') })],
    stars: [],
    wallets: [],
    https,
    callsPerSecond: {
      yookassa: yookassa.callsPerSecond,
      heleket: heleket.callsPerSecond,
      kie: kie.callsPerSecond,
      stars: telegramCallsPerSecond,
      'telegram-card': telegramCallsPerSecond,
    },
    close() {
      for (const http of https.values()) http.close();
    },
  };
}

/** Stars, and card invoices where BotFather gave a provider's token. */
export function telegramPayments(
  { telegram, botToken }: Pick<Config, 'telegram' | 'botToken'>,
  { http, book }: { readonly http: Http; readonly book: ChargeBook },
): PaymentProvider[] {
  const { apiUrl, providerToken } = telegram;
  const client = createTelegramClient({ apiUrl, botToken, http });
  const botId = botToken.reveal().split(':', 1)[0] ?? '';
  return [
    createStars({ client, book, botId }),
    ...(providerToken === undefined ? [] : [createCardInvoices({ client, book, botId, providerToken })]),
  ];
}
