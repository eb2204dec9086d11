import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Message, Update } from '@grammyjs/types';
import type { FaultRule } from '../../providers/faults.ts';
import { createTelegramSimulator, type TelegramSimulatorOptions } from '../../providers/telegram/simulator.ts';
import { silent } from './log.ts';

export const botToken = '7000000001:test-token-of-a-bot';

/** Anna and Boris, as the bot knows them. */
export const annaId = 7_100_000_001;
export const borisId = 7_100_000_002;

export interface Answer<T = unknown> {
  readonly ok: boolean;
  readonly result: T;
  readonly error_code?: number;
  readonly description?: string;
  readonly parameters?: { readonly retry_after?: number };
}

export interface Telegram {
  readonly url: string;
  /** A method of the Bot API, in JSON. */
  call<T = unknown>(method: string, payload?: object): Promise<Answer<T>>;
  /** The result of a method that must succeed. */
  result<T = unknown>(method: string, payload?: object): Promise<T>;
  /** The text with which a method is refused. */
  refusal(method: string, payload?: object): Promise<string | undefined>;
  /** A control under `/_sim`; a body makes it a POST. */
  sim<T = unknown>(path: string, body?: object): Promise<T>;
  /** The like, as one person. */
  as(telegramId: number): Actor;
  faults(...rules: (Omit<FaultRule, 'times'> & { times?: number })[]): Promise<unknown>;
  advance(ms: number): Promise<unknown>;
  stop(): Promise<void>;
}

export interface Actor {
  start(payload?: string): Promise<Message>;
  say(text: string): Promise<Message>;
  press(messageId: number, data: string): Promise<{ answered: boolean; text?: string; showAlert?: boolean }>;
  pay(wish: object): Promise<{ status: string; error?: string; chargeId?: string }>;
  chat(): Promise<ChatView>;
  act<T = unknown>(path: string, body?: object): Promise<T>;
}

export interface ChatView {
  readonly messages: (Message & { _sim: { deleted: boolean; paid?: boolean } })[];
  readonly replyKeyboard: unknown;
  readonly action: { readonly action: string } | null;
  readonly started: boolean;
  readonly blocked: boolean;
  readonly starBalance: number;
  readonly bot: Readonly<Record<string, unknown>>;
}

/** A simulated Telegram, and the ways to it of a bot and of people. */
export async function openTelegram(options: Partial<TelegramSimulatorOptions> = {}): Promise<Telegram> {
  const simulator = createTelegramSimulator({ botToken, logger: silent, ...options });
  const { url } = await simulator.start();
  const call = async <T>(method: string, payload: object = {}): Promise<Answer<T>> => {
    const answer = await fetch(`${url}/bot${options.botToken ?? botToken}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(payload),
    });
    return (await answer.json()) as Answer<T>;
  };
  const sim = async <T>(path: string, body?: object): Promise<T> => {
    const answer = await fetch(
      `${url}/_sim${path}`,
      body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
    );
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const as = (telegramId: number): Actor => {
    const act = <T>(path: string, body?: object) => sim<T>(`/people/${telegramId}${path}`, body);
    const written = async (path: string, body: object) => (await act<{ message: Message }>(path, body)).message;
    return {
      act,
      start: (payload) => written('/start', payload === undefined ? {} : { payload }),
      say: (text) => written('/message', { text }),
      press: (messageId, data) => act('/press', { messageId, data }),
      pay: (wish) => act('/pay', wish),
      chat: () => act('/chat'),
    };
  };
  return {
    url,
    call,
    async result<T>(method: string, payload?: object) {
      const answer = await call<T>(method, payload);
      if (!answer.ok) throw new Error(`${method}: ${answer.description}`);
      return answer.result;
    },
    refusal: async (method, payload) => (await call(method, payload)).description,
    sim,
    as,
    faults: (...rules) => sim('/faults', { rules }),
    advance: (advanceMs) => sim('/clock', { advanceMs }),
    stop: () => simulator.stop(),
  };
}

export interface BotWebhook {
  readonly url: string;
  readonly received: { readonly update: Update; readonly headers: IncomingHttpHeaders }[];
  /** What is answered from the next request on; a function may hold its answer back. */
  answer: (update: Update) => WebhookReply | Promise<WebhookReply>;
  close(): Promise<void>;
}

export interface WebhookReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A bot's webhook, played by a server that notes what comes. */
export async function openWebhook(): Promise<BotWebhook> {
  const received: BotWebhook['received'] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const update = JSON.parse(text) as Update;
      received.push({ update, headers: request.headers });
      void Promise.resolve(webhook.answer(update)).then(({ status, headers = {}, body }) =>
        response.writeHead(status, headers).end(body === undefined ? '' : JSON.stringify(body)),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const webhook: BotWebhook = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/telegram`,
    received,
    answer: () => ({ status: 200 }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return webhook;
}
