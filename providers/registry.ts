import type { Config } from '../platform/config.ts';
import type { Logger } from '../platform/logger.ts';
import { createSealer } from '../platform/sealer.ts';
import type { BreakerBook } from './breaker.ts';
import { createFragment } from './fragment/client.ts';
import { createFragmentVault, type FragmentSessionStore, type FragmentVault } from './fragment/session.ts';
import { createHttp, type Http, type HttpObservation, type HttpOptions } from './http.ts';
import { createHeleket } from './heleket/client.ts';
import { createKieClient } from './kie/client.ts';
import type { ChainWallet, GenerationProvider, PaymentProvider, StarsProvider } from './ports.ts';
import { createCardInvoices } from './telegram/card-invoices.ts';
import type { ChargeBook } from './telegram/charge-book.ts';
import { createTelegramClient, telegramBreaker } from './telegram/client.ts';
import { createStars } from './telegram/stars.ts';
import { createChainWallet } from './ton/chain-wallet.ts';
import { type TonChain, createTonChain } from './ton/client.ts';
import { type TonWallet, openTonWallet } from './ton/wallet.ts';
import { createTurns, type Turn } from './turns.ts';
import { createYookassa } from './yookassa/client.ts';

/** All outside systems of one process. A client that has a key talks to the real one, else to its simulator. */
export interface Providers {
  readonly payments: readonly PaymentProvider[];
  readonly generators: readonly GenerationProvider[];
  /** Who delivers Stars and Premium. */
  readonly stars: readonly StarsProvider[];
  readonly ton: Ton;
  /** The ways out, for health and metrics. */
  readonly https: ReadonlyMap<string, Http>;
  /** Calls per second that an account allows, by provider; so many steps a second the server gives to its queue. */
  readonly callsPerSecond: Readonly<Record<string, number>>;
  close(): void;
}

/** The chain that we pay on, and the wallet that pays. */
export interface Ton {
  readonly chain: TonChain;
  /** Opened at the first call, for the keys take a while to derive; rejects with a `WalletPhraseError`. */
  wallet(): Promise<TonWallet>;
  /** The same wallet, as the activities see it. */
  chainWallet(): Promise<ChainWallet>;
}

export interface ProvidersOptions {
  readonly config: Pick<Config, 'yookassa' | 'heleket' | 'kie' | 'telegram' | 'ton' | 'fragment' | 'botToken'>;
  readonly logger: Logger;
  /** Our book of charges in Telegram; without it nothing is sold through Telegram here. */
  readonly chargeBook?: ChargeBook;
  /** Where our session at Fragment is kept; without it no Stars are sold here. */
  readonly fragmentSessions?: FragmentSessionStore;
  readonly observe?: (observation: HttpObservation) => void;
  /** Where the breakers are shared with other processes; absent: they are this process's own. */
  readonly breakerBook?: BreakerBook;
  /** The turns of calls that all processes share; absent: no rate is kept but that of the task queues. */
  readonly callTurns?: SharedTurns;
}

/** Takes the next turn of a way, over all processes; turns lie `everyMs` apart. */
export interface SharedTurns {
  take(way: string, rules: { readonly everyMs: number; readonly patienceMs: number }): Promise<Turn>;
}

/** Calls that the Bot API takes from one bot in a second, with room for the messages. */
const telegramCallsPerSecond = 25;

/** A second of a rate, and a little more: what leaves evenly may arrive unevenly. */
const secondMs = 1_050;
/** How long a call waits for its turn; beyond that its activity comes again. */
const callPatienceMs = 10_000;

/** Builds the clients. Adding a provider is a folder and a line here. */
export function createProviders(options: ProvidersOptions): Providers {
  const { yookassa, heleket, kie, fragment } = options.config;
  const https = new Map<string, Http>();

  function way(provider: string, rules: Pick<HttpOptions, 'breaker' | 'takeTurn'> = {}): Http {
    const { logger, observe, breakerBook } = options;
    const watched = { ...(observe && { observe }), ...(breakerBook && { breakerBook }) };
    const http = createHttp({ provider, logger, ...rules, ...watched });
    https.set(provider, http);
    return http;
  }

  /** Creating, reading and listing have one rate, whichever queue and process they come from. */
  function sharedRate(provider: string, { callsPerSecond }: { callsPerSecond: number }): Pick<HttpOptions, 'takeTurn'> {
    const { callTurns } = options;
    if (callTurns === undefined) return {};
    const rules = { everyMs: secondMs / callsPerSecond, patienceMs: callPatienceMs };
    return { takeTurn: () => callTurns.take(provider, rules) };
  }

  const ton = createTon(options.config.ton, way);
  const { fragmentSessions } = options;

  return {
    payments: [
      createYookassa({ ...yookassa, logger: options.logger, http: way('yookassa') }),
      ...(heleket.isOffered
        ? [createHeleket({ ...heleket, logger: options.logger, http: way('heleket', sharedRate('heleket', heleket)) })]
        : []),
      ...(options.chargeBook === undefined
        ? []
        : telegramPayments(options.config, {
            http: way('telegram', { breaker: telegramBreaker }),
            book: options.chargeBook,
          })),
    ],
    generators: [createKieClient({ ...kie, http: way('kie'), filesHttp: way('kie-files') })],
    stars:
      fragmentSessions === undefined
        ? []
        : [
            createFragment({
              ...fragment,
              http: way('fragment', sharedRate('fragment', fragment)),
              vault: openFragmentVault(options.config, fragmentSessions),
              wallet: ton.wallet,
            }),
          ],
    ton,
    https,
    callsPerSecond: {
      yookassa: yookassa.callsPerSecond,
      heleket: heleket.callsPerSecond,
      kie: kie.callsPerSecond,
      ton: options.config.ton.callsPerSecond,
      fragment: fragment.callsPerSecond,
      stars: telegramCallsPerSecond,
      'telegram-card': telegramCallsPerSecond,
    },
    close() {
      for (const http of https.values()) http.close();
    },
  };
}

/** Our session at Fragment in clear; with the simulator there is a log-in from the start. */
export function openFragmentVault(
  { fragment: { sessionKey, demoToken } }: Pick<Config, 'fragment'>,
  store: FragmentSessionStore,
): FragmentVault {
  const sealer = createSealer(sessionKey, 'fragment-session');
  const demoLogin = demoToken && { stel_ssid: 'demo', stel_token: demoToken.reveal() };
  return createFragmentVault({ store, sealer, ...(demoLogin === undefined ? {} : { demoLogin }) });
}

/** Nodes say no with HTTP 500, and a no to a message is no illness: so many of them in a row still are one. */
const sendFailuresMax = 50;

/** How long a call to the chain waits for its turn: longer than a look takes at one call a second. */
const tonPatienceMs = 10_000;

/**
 * Both ways to the chain keep the API's one rate. Calls wait for their turn: a look at a message is four of them, and
 * one that lost its third to the rate would never be whole.
 */
export function createTon(
  config: Config['ton'],
  way: (provider: string, rules: Pick<HttpOptions, 'breaker' | 'takeTurn'>) => Http,
): Ton {
  const { apiUrl, apiKey, walletPhrase: phrase, walletVersion: version, network, callsPerSecond } = config;
  const takeTurn = createTurns({ calls: callsPerSecond, perMs: secondMs, patienceMs: tonPatienceMs });
  const http = way('ton', { takeTurn });
  const sendHttp = way('ton-send', { takeTurn, breaker: { failures: sendFailuresMax } });
  const chain = createTonChain({ apiUrl, apiKey, http, sendHttp });
  let opened: Promise<TonWallet> | undefined;
  const wallet = (): Promise<TonWallet> => (opened ??= openTonWallet({ phrase, version, network }));
  return { chain, wallet, chainWallet: async () => createChainWallet(await wallet(), chain) };
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
