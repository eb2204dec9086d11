import { randomBytes, randomUUID } from 'node:crypto';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { type RunApiOptions, type RunningApi, runApi } from '../../api/main.ts';
import { freePort } from '../../platform/ports.ts';
import { findDemoUser } from '../../core/demo.ts';
import { problem } from '../../core/http/common.ts';
import { contracts } from '../../core/http/index.ts';
import { loadCatalogue, sellable } from '../../platform/catalogue.ts';
import { type Config, describeProblems, type EnvironmentVariables, parseConfig } from '../../platform/config.ts';
import { signInitData } from '../../platform/init-data.ts';
import { createLogger } from '../../platform/logger.ts';
import { knownProviders } from '../../providers/names.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { repositoryPath } from './environment.ts';

export const botToken = '1234567890:demo-token-of-the-tests-0123456789';

/** What an answer's JSON is before a test has looked into it. */
export type Parsed = ReturnType<typeof JSON.parse>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON, or the text. */
  readonly body: Parsed;
}

export interface CallOptions {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly key?: string;
}

export interface TestApi {
  readonly url: string;
  readonly metricsUrl: string;
  readonly config: Config;
  readonly database: TestDatabase;
  /** Every line that was logged. */
  readonly logs: string[];
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** An access token of a demo person. */
  logIn(name: string): Promise<{ token: string; refreshToken: string; userId: string }>;
  stop(): Promise<void>;
}

export interface TestApiOptions {
  readonly variables?: EnvironmentVariables;
  readonly database?: TestDatabase;
  readonly now?: () => Date;
  readonly deadlines?: RunApiOptions['deadlines'];
  readonly drainMs?: number;
  readonly livePeriods?: RunApiOptions['livePeriods'];
  readonly walletWatch?: RunApiOptions['walletWatch'];
}

/** The real application on its own port over its own database. Temporal is away unless an address is given. */
export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const database = options.database ?? (await createTestDatabase());
  const home = mkdtempSync(join(tmpdir(), 'holdfast-api-'));
  const config = await testConfig(database, home, options.variables);
  const logs: string[] = [];
  const logger = createLogger({
    name: 'api',
    level: 'info',
    pretty: false,
    destination: { write: (line) => logs.push(line) },
  });
  const catalogue = sellable(await loadCatalogue(repositoryPath('catalogue.yaml'), knownProviders), config);
  const { now, deadlines, drainMs, livePeriods, walletWatch } = options;
  const running: RunningApi = await runApi({
    config,
    logger,
    catalogue,
    ...(now === undefined ? {} : { now }),
    ...(deadlines === undefined ? {} : { deadlines }),
    ...(drainMs === undefined ? {} : { drainMs }),
    ...(livePeriods === undefined ? {} : { livePeriods }),
    ...(walletWatch === undefined ? {} : { walletWatch }),
  });
  const call = (method: string, path: string, wanted: CallOptions = {}) =>
    request(running.url, { method, path, ...wanted });
  return {
    url: running.url,
    metricsUrl: running.metricsUrl,
    config,
    database,
    logs,
    call,
    async logIn(name) {
      const user = findDemoUser(name);
      assert.ok(user, `there is no demo person ${name}`);
      const initData = signInitData(user, botToken, now?.() ?? new Date());
      const { status, body } = await call('POST', '/auth/telegram', { body: { initData } });
      assert.equal(status, 200, JSON.stringify(body));
      return { token: body.token, refreshToken: body.refreshToken, userId: body.user.id };
    },
    async stop() {
      await running.stop();
      rmSync(home, { recursive: true, force: true });
      if (options.database === undefined) await database.drop();
    },
  };
}

async function testConfig(database: TestDatabase, home: string, variables: EnvironmentVariables = {}): Promise<Config> {
  const port = await freePort();
  const parsed = parseConfig({
    MODE: 'embedded',
    HOLDFAST_HOME: home,
    PORT: String(port),
    METRICS_PORT: '0',
    DATABASE_URL: database.ownerUrl,
    APP_DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    BOT_TOKEN: botToken,
    AUTH_KEYS: JSON.stringify({ keys: [await newAuthKey('test-1')] }),
    FILES_SECRET: randomBytes(32).toString('hex'),
    CATALOGUE_PATH: repositoryPath('catalogue.yaml'),
    RATE_MESSAGES_PER_MINUTE: '100000',
    RATE_OPERATIONS_PER_MINUTE: '100000',
    RATE_PAYMENTS_PER_MINUTE: '100000',
    RATE_ADDRESS_PER_MINUTE: '1000000',
    ...variables,
  });
  if (!parsed.ok) throw new Error(describeProblems(parsed.problems));
  return parsed.config;
}

/** An Ed25519 key pair as a private JWK. */
export async function newAuthKey(kid: string) {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return { ...(await exportJWK(privateKey)), kid };
}

interface Wanted extends CallOptions {
  readonly method: string;
  readonly path: string;
}

/** One request; its answer must be what the contract, or RFC 9457 and our table of codes, say. */
async function request(url: string, { method, path, token, body, headers = {}, key }: Wanted): Promise<Answer> {
  const isOutside = /^\/(healthz|readyz|webhooks|files|docs|openapi\.json)/.test(path);
  const isRaw = typeof body === 'string' || body instanceof FormData || body instanceof Uint8Array;
  const response = await fetch(`${url}${isOutside ? '' : '/api/v1'}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...headers,
    },
    body: body === undefined ? null : isRaw ? (body as string) : JSON.stringify(body),
  });
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  const answer = {
    status: response.status,
    headers: response.headers,
    body: type.includes('json') ? JSON.parse(text) : text,
  };
  if (!isOutside) checkAnswer(method, path, answer);
  return answer;
}

/** Any text of an answer that is a moment and not told with `Z`. */
const momentWithOffset = /"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d:\d\d"/;

function checkAnswer(method: string, path: string, answer: Answer): void {
  if (answer.status >= 400) {
    assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
    assert.equal(problem.parse(answer.body).status, answer.status);
    assert.equal(answer.body.requestId, answer.headers.get('x-request-id'));
    return;
  }
  const found = contracts.find((contract) => contract.method === method.toLowerCase() && matches(contract.path, path));
  assert.ok(found, `no contract for ${method} ${path}`);
  assert.equal(answer.status, found.status);
  // Strict, so that an answer that says more than its contract is found as well.
  assert.deepEqual(found.answer.parse(answer.body), answer.body);
  assert.doesNotMatch(JSON.stringify(answer.body), momentWithOffset, 'moments are told in UTC, with Z');
}

function matches(pattern: string, path: string): boolean {
  const expression = pattern.replace(/:\w+/g, '[^/]+');
  return new RegExp(`^${expression}$`).test(path.split('?')[0] ?? '');
}

/** A fresh idempotency key. */
export function newKey(): string {
  return randomUUID();
}
