import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { demoCredentials, describeProblems, parseConfig } from '../../platform/config.ts';
import { variableFacts, variableNames } from '../../platform/config-schema.ts';

const embedded = {
  DATABASE_URL: 'postgres://holdfast:hunter2@127.0.0.1:5432/holdfast',
  BOT_TOKEN: '123456789:AAE-abcdefghijklmnopqrstuvwxyz12345',
  AUTH_KEYS: '{"keys":[{"kty":"OKP","kid":"2026-01","d":"private"}]}',
  FILES_SECRET: 'a-files-secret-of-more-than-32-characters',
};

const production = {
  ...embedded,
  MODE: 'production',
  APP_DATABASE_URL: 'postgres://app:hunter3@127.0.0.1:5432/holdfast',
  TEMPORAL_ADDRESS: 'temporal.example.org:7233',
  PUBLIC_URL: 'https://shop.example.org/',
  YOOKASSA_SHOP_ID: '123456',
  YOOKASSA_SECRET_KEY: 'live_a-secret-key-of-the-shop',
  KIE_API_KEY: 'a-key-of-the-picture-provider',
  TELEGRAM_WEBHOOK_SECRET: 'a-secret-of-the-webhook',
  TON_WALLET_PHRASE: Array.from({ length: 24 }, () => 'word').join(' '),
};

function problems(variables: Record<string, string>): string[] {
  const result = parseConfig(variables);
  return result.ok ? [] : result.problems.map(({ name }) => name);
}

function config(variables: Record<string, string>) {
  const result = parseConfig(variables);
  assert.ok(result.ok, result.ok ? '' : describeProblems(result.problems));
  return result.config;
}

describe('configuration', () => {
  it('takes for payees of Stars nothing but addresses of TON', () => {
    const payees = `0:${'a1'.repeat(32)}, EQBaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlvq`;
    assert.equal(config({ ...embedded, FRAGMENT_PAY_TO: payees }).fragment.payTo.length, 2);
    assert.deepEqual(problems({ ...embedded, FRAGMENT_PAY_TO: 'fragment.ton' }), ['FRAGMENT_PAY_TO']);
  });

  it('of embedded mode simulates each provider without a key', () => {
    const { mode, yookassa, kie, ton } = config(embedded);
    assert.equal(mode, 'embedded');
    assert.deepEqual([yookassa.simulated, kie.simulated, ton.simulated], [true, true, true]);
    assert.equal(new URL(yookassa.apiUrl).hostname, '127.0.0.1');
  });

  it('takes a provider as real as soon as its key is there', () => {
    const { yookassa, kie } = config({ ...embedded, KIE_API_KEY: 'a-key' });
    assert.deepEqual([yookassa.simulated, kie.simulated], [true, false]);
    assert.equal(kie.apiUrl, 'https://api.kie.ai');
  });

  it('talks to the simulator of Telegram while the token of the bot is a demo one, and then to Telegram', () => {
    const demo = config({ ...embedded, BOT_TOKEN: '7000000001:demo-0123456789abcdef0123456789abcdef' });
    assert.deepEqual([demo.telegram.simulated, demo.telegram.updates], [true, 'polling']);
    assert.equal(new URL(demo.telegram.apiUrl).hostname, '127.0.0.1');
    const { telegram } = config(production);
    assert.deepEqual([telegram.simulated, telegram.updates], [false, 'webhook']);
    assert.equal(telegram.apiUrl, 'https://api.telegram.org');
    assert.equal(telegram.miniAppUrl, 'https://shop.example.org/app/');
  });

  it('adds loopback to the networks of notifications in embedded mode alone', () => {
    assert.ok(config(embedded).yookassa.webhookCidrs.includes('127.0.0.0/8'));
    assert.ok(!config(production).yookassa.webhookCidrs.some((cidr) => cidr.startsWith('127.')));
  });

  it('of production is complete, frozen, and has no failpoints', () => {
    const made = config(production);
    assert.equal(made.mode, 'production');
    assert.equal(made.api.publicUrl, 'https://shop.example.org');
    assert.equal(made.api.webhookUrl, 'https://shop.example.org');
    assert.ok(Object.isFrozen(made) && Object.isFrozen(made.yookassa));
    assert.ok(!('failpoints' in made));
  });

  it('reports three mistakes at once, by name and with an example', () => {
    const result = parseConfig({ ...embedded, PORT: 'eighty', LOG_LEVEL: 'loud', DATABASE_URL: 'mysql://a' });
    assert.ok(!result.ok);
    assert.deepEqual(result.problems.map(({ name }) => name).toSorted(), ['DATABASE_URL', 'LOG_LEVEL', 'PORT']);
    assert.match(
      describeProblems(result.problems),
      /3 problems[^]*PORT must be a port, 0 to 65535; for example PORT=8080/,
    );
  });

  it('says in one line that no start runs here, and what to type', () => {
    const result = parseConfig({});
    assert.ok(!result.ok);
    assert.match(describeProblems(result.problems), /^No start runs from this folder: run `npm start` first.*$/);
  });

  it('names everything that production misses', () => {
    const missing = problems({ MODE: 'production' });
    for (const name of ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'AUTH_KEYS', 'PUBLIC_URL', 'BOT_TOKEN', 'KIE_API_KEY']) {
      assert.ok(missing.includes(name), name);
    }
  });

  it('refuses in production each secret that everybody knows', () => {
    const demo = {
      YOOKASSA_SECRET_KEY: demoCredentials.yookassaSecretKey,
      KIE_API_KEY: demoCredentials.kieApiKey,
      BOT_TOKEN: '7000000001:demo-0123456789abcdef0123456789abcdef',
      FILES_SECRET: 'demo-0123456789abcdef0123456789abcdef',
      AUTH_KEYS: '{"keys":[{"kid":"demo-0123"}]}',
      TELEGRAM_WEBHOOK_SECRET: 'demo-0123456789abcdef',
      TON_WALLET_PHRASE: ` ${demoCredentials.tonWalletPhrase.toUpperCase().replaceAll(' ', '  ')}`,
    };
    for (const [name, value] of Object.entries(demo))
      assert.deepEqual(problems({ ...production, [name]: value }), [name]);
  });

  it('refuses failpoints in production', () => {
    assert.deepEqual(problems({ ...production, FAILPOINTS: 'a=kill' }), ['FAILPOINTS']);
  });

  it('asks for the other half of what belongs together', () => {
    assert.deepEqual(problems({ ...embedded, YOOKASSA_SHOP_ID: '1' }), ['YOOKASSA_SECRET_KEY']);
    const missing = ['BLOB_S3_BUCKET', 'BLOB_S3_ACCESS_KEY', 'BLOB_S3_SECRET_KEY'];
    assert.deepEqual(problems({ ...embedded, BLOB_S3_ENDPOINT: 'https://s3.example.org' }), missing);
  });

  it('takes a wallet phrase of 24 words alone, and shows none of them', () => {
    const short = 'only three words';
    const result = parseConfig({ ...embedded, TON_WALLET_PHRASE: short });
    assert.ok(!result.ok);
    assert.match(describeProblems(result.problems), /TON_WALLET_PHRASE must be 24 words/);
    assert.ok(!describeProblems(result.problems).includes(short));
    const { ton } = config({ ...production, TON_NETWORK: 'testnet' });
    assert.deepEqual([ton.simulated, ton.apiUrl], [false, 'https://testnet.toncenter.com/api']);
    assert.deepEqual([ton.callsPerSecond, config({ ...production, TON_API_KEY: 'key' }).ton.callsPerSecond], [1, 10]);
  });

  it('takes an empty variable as one that is not set', () => {
    assert.equal(config({ ...embedded, PORT: '', YOOKASSA_SECRET_KEY: '' }).api.port, 8080);
  });

  it('reads "false" as false', () => {
    assert.equal(config({ ...embedded, LOG_PRETTY: 'false' }).log.pretty, false);
    assert.deepEqual(problems({ ...embedded, LOG_PRETTY: 'maybe' }), ['LOG_PRETTY']);
  });

  it('never prints a secret, as text, JSON or by inspection, nor in a problem', () => {
    const values = ['hunter2', 'hunter3', 'AAE-abc', 'private', 'a-files-secret', 'live_a-secret', 'a-key-of'];
    const made = config(production);
    const shown = [
      JSON.stringify(made, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
      inspect(made, { depth: 9 }),
    ];
    shown.push(String(made.database.url) + String(made.botToken));
    const wrong = parseConfig({ ...production, FILES_SECRET: 'too-short', BOT_TOKEN: 'hunter2', AUTH_KEYS: 'private' });
    assert.ok(!wrong.ok);
    shown.push(describeProblems(wrong.problems).replaceAll(/; for example .*/g, ''));
    for (const value of values) for (const text of shown) assert.ok(!text.includes(value), `${value} in ${text}`);
  });

  it('has for every variable an example that its own rule accepts', () => {
    for (const name of variableNames) {
      const { example } = variableFacts(name);
      const result = parseConfig({ ...embedded, [name]: example });
      const blamed = result.ok ? [] : result.problems.filter((problem) => problem.problem.startsWith('must be'));
      assert.deepEqual(blamed, [], name);
    }
  });
});
