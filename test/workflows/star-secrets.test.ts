import assert from 'node:assert/strict';
import { mnemonicToPrivateKey } from '@ton/crypto';
import { fragmentSession } from '../../core/flows/fragment-session.ts';
import { starPurchaseWorkflowId } from '../../core/flows/star-purchase.ts';
import { createFragmentSessions } from '../../db/fragment-sessions.ts';
import { demoCredentials } from '../../platform/demo-credentials.ts';
import { createLogger } from '../../platform/logger.ts';
import { Secret } from '../../platform/secret.ts';
import { openFragmentVault } from '../../providers/registry.ts';
import { eventually } from '../support/eventually.ts';
import { type StarStack, startStarStack } from '../support/star-stack.ts';
import type { Person } from '../support/story.ts';

/** Everything that a shop leaves behind or answers, by where it was found. */
type Traces = Readonly<Record<'logs' | 'histories' | 'rows' | 'answers' | 'metrics', string>>;

describe('the secrets of a shop that sells Stars, over a whole run with its accidents', function () {
  this.timeout(180_000);
  const lines: string[] = [];
  const secrets = new Map<string, string>();
  let stars: StarStack;
  let anna: Person;
  let delivered: string;
  let traces: Traces;

  before(async () => {
    const destination = { write: (line: string) => void lines.push(line) };
    const logger = createLogger({ name: 'worker', level: 'trace', pretty: false, destination });
    stars = await startStarStack({ logger });
    collectSecrets(stars.stack.api.config);
    await collectKeys();
    anna = await stars.buyer(100n);
    await sellInGoodWeather();
    await sellInBadWeather();
    traces = await collectTraces();
  });
  after(() => stars?.stop());

  /** Every value of the configuration that is wrapped as a secret. */
  function collectSecrets(value: unknown, path = ''): void {
    if (value instanceof Secret) {
      if (value.reveal() !== '') secrets.set(path, value.reveal());
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) collectSecrets(inner, `${path}.${name}`);
    }
  }

  /** What the phrase becomes, and pieces of it that a log could cut out. */
  async function collectKeys(): Promise<void> {
    const words = demoCredentials.tonWalletPhrase.split(' ');
    const { secretKey } = await mnemonicToPrivateKey(words);
    secrets.set('the seed of the wallet in hex', secretKey.toString('hex').slice(0, 64));
    secrets.set('the seed of the wallet in base64', secretKey.toString('base64').slice(0, 40));
    for (const [index, word] of words.entries()) {
      const next = words[index + 1];
      if (next !== undefined) secrets.set(`words ${index} and ${index + 1} of the phrase`, `${word} ${next}`);
    }
  }

  async function collectCookies(): Promise<void> {
    const session = await openFragmentVault(stars.stack.api.config, createFragmentSessions(stars.stack.pool)).open();
    assert.ok(session, 'nobody has logged in');
    for (const [name, value] of Object.entries(session.cookies)) {
      if (value.length > 5) secrets.set(`the cookie ${name} of version ${session.version}`, value);
    }
  }

  async function sellInGoodWeather(): Promise<void> {
    delivered = (await stars.buy(anna)).id;
    await stars.until(delivered, 'delivered');
    await collectCookies();
  }

  /** Answers lost and refused, steps that fail at the signing, a session and a log-in that end, a price that moves. */
  async function sellInBadWeather(): Promise<void> {
    const { shop, chain, stack } = stars;
    const fault = { kind: 'status', status: 500, body: { error: 'out of order' }, headers: {} } as const;
    await shop.faults({ method: 'POST', path: '/api', times: 2, fault });
    const rules = [{ on: 'request', method: 'POST', path: '/api/v2/jsonRPC', times: 2, fault }];
    await chain.control('/faults', { rules });
    await chain.options({ failAfterAccept: 1 });
    await shop.control('/session/expire/session');
    for (const place of ['wallet.before-sign', 'wallet.after-sign', 'wallet.before-send']) stack.traps.throwAt(place);
    const { id } = await stars.buy(anna);
    await stars.until(id, 'delivered', 60_000);
    await collectCookies();
    const quote = await stars.quote(anna);
    await shop.options({ starPriceNano: 7_000_000 });
    const { body } = await stars.place(anna, quote.id);
    await stars.until(body.purchase.id as string, 'failed', 60_000);
    const dearer = await stars.quote(anna);
    await shop.control('/session/expire/login');
    await stars.place(anna, dearer.id);
    const isLoggedOut = async () =>
      (await stars.story.count("app.fragment_session WHERE state = 'login_required'")) === 1;
    await eventually(isLoggedOut, { withinMs: 30_000 });
  }

  async function collectTraces(): Promise<Traces> {
    const { api } = stars.stack;
    const paths = ['/me', '/bootstrap', '/star-purchases', `/star-purchases/${delivered}`, '/transactions'];
    const answers = await Promise.all(paths.map((path) => api.call('GET', path, { token: anna.token })));
    const health = await (await fetch(new URL('/readyz?verbose', api.url))).text();
    return {
      logs: [...lines, ...api.logs].join(''),
      histories: await readHistories(),
      rows: await readRows(),
      answers: `${JSON.stringify(answers)} ${health}`,
      metrics: await (await fetch(api.metricsUrl)).text(),
    };
  }

  async function readHistories(): Promise<string> {
    const { workflow } = stars.stack.client;
    const found = new Map<string, string>();
    await eventually(
      async () => {
        for await (const { workflowId, runId } of workflow.list()) {
          if (found.has(runId)) continue;
          found.set(runId, `${workflowId} ${textOf(await workflow.getHandle(workflowId, runId).fetchHistory())}`);
        }
        return [...found.values()].filter((history) => history.startsWith('star-purchase/')).length >= 3;
      },
      { everyMs: 500 },
    );
    return [...found.values()].join('\n');
  }

  async function readRows(): Promise<string> {
    const { owner } = stars.stack;
    const tables = await owner.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('app', 'ledger')`,
    );
    const texts = await Promise.all(
      tables.rows.map(async ({ name }) => {
        const { rows } = await owner.query<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM ${name} t`);
        return rows.map(({ row }) => `${name} ${row}`).join('\n');
      }),
    );
    return texts.join('\n');
  }

  it('leave traces that can be looked through: each holds what it should', () => {
    for (const id of [delivered, starPurchaseWorkflowId(delivered)]) assert.ok(traces.histories.includes(id), id);
    assert.match(traces.histories, /bob_the_cat|fragment-session|wallet\//);
    assert.match(traces.rows, new RegExp(`app\\.star_purchase .*${delivered}`));
    assert.match(traces.rows, new RegExp(`app\\.fragment_session .*"${fragmentSession.account}"`));
    assert.match(traces.answers, new RegExp(delivered));
    assert.match(traces.logs, /"provider":"fragment".*"msg":"provider request"/);
    assert.match(traces.metrics, /^# TYPE /m);
    assert.ok(secrets.size > 30, `only ${secrets.size} secrets are known`);
  });

  for (const where of ['logs', 'histories', 'rows', 'answers', 'metrics'] as const) {
    it(`are not in its ${where}, neither plain nor in base64 or hex`, () => {
      const shown = [...secrets].filter(([, secret]) => spellings(secret).some((one) => traces[where].includes(one)));
      assert.deepEqual(
        shown.map(([name]) => name),
        [],
      );
    });
  }
});

function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex'), encodeURIComponent(secret)];
}

/** All texts in a history, its payloads among them. */
function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (typeof value === 'object' && value !== null) return Object.values(value).map(textOf).join(' ');
  return String(value);
}
