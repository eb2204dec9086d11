import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createTelegramSimulator } from '../../providers/telegram/simulator.ts';
import type { OrderDesk } from '../../providers/telegram/simulator/desk.ts';
import { buildSandbox } from '../../webapp/sandbox/build.ts';
import { testHome } from './environment.ts';
import { silent } from './log.ts';

export const sandboxToken = '7000000001:AAHsandboxTokenForTests_0123456789abc';

type Json = Readonly<Record<string, unknown>>;

/** A simulator with the page on it, and a bot that a test plays by hand. */
export interface Sandbox {
  readonly url: string;
  /** A method of the Bot API; throws what the API says when it refuses. */
  bot<T = Json>(method: string, parameters?: Json): Promise<T>;
  /** Acts as a person, as the page does. */
  person(telegramId: number, act: string, body?: Json): Promise<Json>;
  /** The next update of a kind that the bot has not seen. */
  nextUpdate<T = Json>(kind: string): Promise<T>;
  close(): Promise<void>;
}

interface SandboxOptions {
  readonly miniAppUrl?: string;
  readonly botToken?: string;
  readonly orderDesk?: OrderDesk;
}

let built: Promise<string> | undefined;

/** The page as it is built, once a process. */
async function builtPage(): Promise<string> {
  const folder = join(testHome(), 'sandbox-page');
  built ??= buildSandbox(folder).then(() => folder);
  return built;
}

export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const botToken = options.botToken ?? sandboxToken;
  const sandboxFolder = await builtPage();
  const simulator = createTelegramSimulator({ botToken, logger: silent, sandboxFolder, ...options });
  const { url } = await simulator.start();
  const bot = async <T>(method: string, parameters: Json = {}): Promise<T> => {
    const answer = await post(`${url}/bot${botToken}/${method}`, parameters);
    if (answer['ok'] !== true) throw new Error(`${method}: ${String(answer['description'])}`);
    return answer['result'] as T;
  };
  let offset = 0;
  const nextUpdate = async <T>(kind: string): Promise<T> => {
    for (;;) {
      const [update] = await bot<({ update_id: number } & Json)[]>('getUpdates', { offset, limit: 1, timeout: 10 });
      if (update === undefined) throw new Error(`no ${kind} came`);
      offset = update.update_id + 1;
      if (update[kind] !== undefined) return update[kind] as T;
    }
  };
  return {
    url,
    bot,
    nextUpdate,
    person: (telegramId, act, body = {}) => post(`${url}/_sim/people/${telegramId}/${act}`, body),
    close: () => simulator.stop(),
  };
}

async function post(url: string, body: Json): Promise<Json> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!text.startsWith('{')) throw new Error(`${response.status} ${text}`);
  return JSON.parse(text) as Json;
}

/** A Mini App of one page, which says on itself what happens to it. It stands on an origin of its own. */
export async function openMiniAppPage(html: (simulatorUrl: string) => string): Promise<MiniAppPage> {
  let simulatorUrl = '';
  const server: Server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(html(simulatorUrl));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/app/`,
    lookAt: (url) => {
      simulatorUrl = url;
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

export interface MiniAppPage {
  readonly url: string;
  /** Tells the page where its host's script is. */
  lookAt(simulatorUrl: string): void;
  close(): Promise<void>;
}
