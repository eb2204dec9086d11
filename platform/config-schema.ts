import { z } from 'zod';
import {
  count,
  databaseUrl,
  factsOf,
  flag,
  jsonObject,
  port,
  text,
  url,
  variable,
  type VariableFacts,
} from './config-rules.ts';
import { cache } from './config-schema-cache.ts';
import { payment } from './config-schema-payments.ts';
import { fragment } from './config-schema-fragment.ts';
import { ton } from './config-schema-ton.ts';

const processWide = {
  MODE: variable(z.enum(['embedded', 'production'], 'embedded or production').default('embedded'), {
    group: 'Process',
    about: 'embedded brings its own database, Temporal and simulators; production refuses all three.',
    example: 'embedded',
  }),
  HOLDFAST_HOME: variable(text.default('.holdfast'), {
    group: 'Process',
    about: 'Folder of the state that a local run keeps.',
    example: '.holdfast',
  }),
  LOG_LEVEL: variable(
    z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], 'one of trace, debug, info, warn, error, silent')
      .default('info'),
    { group: 'Process', about: 'Least important lines that are still written.', example: 'info' },
  ),
  LOG_PRETTY: variable(flag.optional(), {
    group: 'Process',
    about: 'Coloured lines for a person instead of JSON. Default: true on a terminal in embedded mode.',
    example: 'false',
  }),
  WORKFLOW_BUNDLE_PATH: variable(text.optional(), {
    group: 'Process',
    about:
      'Workflow code bundled beforehand, so that a worker starts a second sooner. Made by `npm start` and the image.',
    example: '.holdfast/workflow-bundle.js',
  }),
  FAILPOINTS: variable(text.optional(), {
    group: 'Process',
    about:
      'Embedded mode only: places to die at, for tests of crashes (name=kill, name=kill@3, name=throw, name=pause:MS).',
    example: 'generation.after-reserve=kill',
  }),
};

const network = {
  HOST: variable(text.default('127.0.0.1'), {
    group: 'Network',
    about: 'Address that the API listens on.',
    example: '0.0.0.0',
  }),
  PORT: variable(port.default(8080), {
    group: 'Network',
    about: 'Port of the API; 0 takes any free one.',
    example: '8080',
  }),
  METRICS_PORT: variable(port.default(9464), {
    group: 'Network',
    about: 'Port of the metrics of this process (the API; a worker on the same machine needs another).',
    example: '9464',
  }),
  PUBLIC_URL: variable(url.optional(), {
    group: 'Network',
    about: 'Where people reach the API from outside.',
    example: 'https://shop.example.org',
  }),
  WEBHOOK_URL: variable(url.optional(), {
    group: 'Network',
    about: 'Where providers call back. Default: PUBLIC_URL.',
    example: 'https://hooks.example.org',
  }),
  CORS_ORIGINS: variable(
    z
      .string()
      .regex(
        /^https?:\/\/[^\s,/]+(\s*,\s*https?:\/\/[^\s,/]+)*$/,
        'origins such as https://shop.example.org, by commas',
      )
      .optional(),
    {
      group: 'Network',
      about: 'Origins of pages that may call the API from a browser, separated by commas. Default: that of PUBLIC_URL.',
      example: 'https://shop.example.org,https://admin.example.org',
    },
  ),
  TRUSTED_PROXY_COUNT: variable(count(0, 10).default(0), {
    group: 'Network',
    about: 'Reverse proxies of our own in front of the API; that many entries of X-Forwarded-For are believed.',
    example: '1',
  }),
};

const stores = {
  DATABASE_URL: variable(databaseUrl.optional(), {
    group: 'Database and Temporal',
    about: 'PostgreSQL 15 or later, as the owner of the schema (migrations, audit).',
    example: 'postgres://holdfast:password@db.example.org:5432/holdfast',
    secret: true,
  }),
  APP_DATABASE_URL: variable(databaseUrl.optional(), {
    group: 'Database and Temporal',
    about: 'The same database as the application role, which cannot write the ledger.',
    example: 'postgres://holdfast_app:password@db.example.org:5432/holdfast',
    secret: true,
  }),
  DATABASE_POOL_SIZE: variable(count(1, 200).default(8), {
    group: 'Database and Temporal',
    about: 'Connections of one process.',
    example: '8',
  }),
  TEMPORAL_ADDRESS: variable(
    z
      .string()
      .regex(/^[^\s:/]+:\d+$/, 'host:port')
      .optional(),
    {
      group: 'Database and Temporal',
      about: 'Temporal server; the other TEMPORAL_* variables (TLS, API key, profile) are read by its own envconfig.',
      example: 'temporal.example.org:7233',
    },
  ),
  TEMPORAL_NAMESPACE: variable(text.default('default'), {
    group: 'Database and Temporal',
    about: 'Temporal namespace.',
    example: 'default',
  }),
  TEMPORAL_UI_URL: variable(url.optional(), {
    group: 'Database and Temporal',
    about: 'Where people look at workflows: the links of the sandbox lead there. Made by itself in embedded mode.',
    example: 'https://temporal.example.org',
  }),
  TEMPORAL_CLI_PATH: variable(text.optional(), {
    group: 'Database and Temporal',
    about: 'A temporal binary to run the embedded server with.',
    example: '/usr/local/bin/temporal',
  }),
};

const secrets = {
  AUTH_KEYS: variable(jsonObject.optional(), {
    group: 'Secrets',
    about:
      'JWK set of Ed25519 private keys with key ids; the first signs, all verify. Made by itself in embedded mode.',
    example: '{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"2026-01","x":"...","d":"..."}]}',
    secret: true,
  }),
  FILES_SECRET: variable(z.string().min(32, 'at least 32 characters').optional(), {
    group: 'Secrets',
    about: 'Signs the expiring addresses of files. Made by itself in embedded mode.',
    example: 'at-least-32-random-characters-here',
    secret: true,
  }),
  BOT_TOKEN: variable(
    z
      .string()
      .regex(/^\d{3,20}:[\w-]{20,}$/, 'a bot token as BotFather gives it')
      .optional(),
    {
      group: 'Secrets',
      about: 'Token of the Telegram bot; it proves who opened the Mini App.',
      example: '123456789:AAE-your-token-from-BotFather-35chars',
      secret: true,
    },
  ),
};

const pictures = {
  KIE_API_KEY: variable(text.optional(), {
    group: 'kie.ai',
    about: 'API key. Set: the real kie.ai.',
    example: 'your-key',
    secret: true,
  }),
  KIE_API_URL: variable(url.optional(), {
    group: 'kie.ai',
    about: 'Base address of the API.',
    example: 'https://api.kie.ai',
  }),
  KIE_UPLOAD_URL: variable(url.optional(), {
    group: 'kie.ai',
    about: 'Base address of the file upload.',
    example: 'https://kieai.redpandaai.co',
  }),
  KIE_WEBHOOK_KEY: variable(text.optional(), {
    group: 'kie.ai',
    about: 'Webhook key of the account; set, callbacks without its signature are refused.',
    example: 'your-webhook-key',
    secret: true,
  }),
  KIE_CALLS_PER_SECOND: variable(count(1, 100_000).default(10), {
    group: 'kie.ai',
    about: 'Calls a second that all workers together make at most; what the account allows.',
    example: '10',
  }),
  KIE_SIMULATOR_PORT: variable(port.default(8092), {
    group: 'kie.ai',
    about: 'Embedded mode only: port of the simulator.',
    example: '8092',
  }),
  KIE_SIMULATOR_UPLOAD_PORT: variable(port.default(8093), {
    group: 'kie.ai',
    about: "Embedded mode only: port of the simulator's second origin, for uploads and results.",
    example: '8093',
  }),
};

const telegram = {
  TELEGRAM_API_URL: variable(url.optional(), {
    group: 'Telegram',
    about: 'Base address of the Bot API. Default: the simulator while BOT_TOKEN is a demo one, else Telegram itself.',
    example: 'https://api.telegram.org',
  }),
  TELEGRAM_UPDATES: variable(z.enum(['polling', 'webhook'], 'polling or webhook').optional(), {
    group: 'Telegram',
    about: 'How updates come in. Default: polling in embedded mode, webhook in production.',
    example: 'polling',
  }),
  TELEGRAM_WEBHOOK_SECRET: variable(
    z
      .string()
      .regex(/^[\w-]{16,256}$/, '16 to 256 letters, digits, _ or -')
      .optional(),
    {
      group: 'Telegram',
      about: 'Telegram sends it with each update to our webhook. Made by itself in embedded mode.',
      example: 'at-least-16-random-characters',
      secret: true,
    },
  ),
  TELEGRAM_PROVIDER_TOKEN: variable(text.optional(), {
    group: 'Telegram',
    about: 'Payment provider token from BotFather: set, packs are also sold by card invoices inside the chat.',
    example: '381764678:TEST:12345',
    secret: true,
  }),
  BOT_USERNAME: variable(
    z
      .string()
      .regex(/^\w{5,32}$/, 'a name of letters, digits and _, without @')
      .optional(),
    {
      group: 'Telegram',
      about: "The bot's name, for the link to it that the Mini App shows in an ordinary browser.",
      example: 'holdfast_bot',
    },
  ),
  MINI_APP_URL: variable(url.optional(), {
    group: 'Telegram',
    about: 'Address of the Mini App that the bot opens. Default: /app/ under PUBLIC_URL.',
    example: 'https://shop.example.org/app',
  }),
  TELEGRAM_SIMULATOR_PORT: variable(port.default(8094), {
    group: 'Telegram',
    about: 'Embedded mode only: port of the simulator and its sandbox page.',
    example: '8094',
  }),
};

const files = {
  BLOB_S3_ENDPOINT: variable(url.optional(), {
    group: 'Files',
    about: 'S3-compatible store for results and uploads; without it they are files under HOLDFAST_HOME.',
    example: 'https://s3.example.org',
  }),
  BLOB_S3_BUCKET: variable(text.optional(), { group: 'Files', about: 'Bucket.', example: 'holdfast' }),
  BLOB_S3_REGION: variable(text.default('auto'), { group: 'Files', about: 'Region.', example: 'eu-central-1' }),
  BLOB_S3_ACCESS_KEY: variable(text.optional(), {
    group: 'Files',
    about: 'Access key.',
    example: 'access-key',
    secret: true,
  }),
  BLOB_S3_SECRET_KEY: variable(text.optional(), {
    group: 'Files',
    about: 'Secret key.',
    example: 'secret-key',
    secret: true,
  }),
};

const business = {
  CATALOGUE_PATH: variable(text.default('catalogue.yaml'), {
    group: 'Business',
    about: 'The versioned price list.',
    example: 'catalogue.yaml',
  }),
  COMMISSION_BPS: variable(count(0, 10_000).default(280), {
    group: 'Business',
    about: "Payment provider's commission in basis points, used where the provider gives no figure of its own.",
    example: '280',
  }),
  TAX_BPS: variable(count(0, 10_000).default(400), {
    group: 'Business',
    about: 'Tax on gross income in basis points.',
    example: '400',
  }),
  RATE_MESSAGES_PER_MINUTE: variable(count(1, 1_000_000).default(30), {
    group: 'Rate limits',
    about: 'Reads of one person in the API, and what they do in the bot.',
    example: '30',
  }),
  RATE_OPERATIONS_PER_MINUTE: variable(count(1, 1_000_000).default(20), {
    group: 'Rate limits',
    about: 'Changes by one person.',
    example: '20',
  }),
  RATE_PAYMENTS_PER_MINUTE: variable(count(1, 1_000_000).default(5), {
    group: 'Rate limits',
    about: 'Top-ups started by one person.',
    example: '5',
  }),
  RATE_ADDRESS_PER_MINUTE: variable(count(1, 1_000_000).default(300), {
    group: 'Rate limits',
    about: 'Requests of one address; several people may stand behind it.',
    example: '300',
  }),
};

/** Every variable of the environment that we read, in the order of `.env.example`. */
export const environmentSchema = z.object({
  ...processWide,
  ...network,
  ...stores,
  ...cache,
  ...secrets,
  ...payment,
  ...pictures,
  ...telegram,
  ...ton,
  ...fragment,
  ...files,
  ...business,
});

export type Environment = z.output<typeof environmentSchema>;
export type VariableName = keyof Environment;

export const variableNames = Object.keys(environmentSchema.shape) as VariableName[];

/** What is said about a variable beside its rule. */
export function variableFacts(name: VariableName): VariableFacts {
  const found = factsOf(environmentSchema.shape[name]);
  if (!found) throw new Error(`the variable ${name} has no description`);
  return found;
}

/** The default of a variable as text, if it has one. */
export function variableDefault(name: VariableName): string | undefined {
  const parsed = environmentSchema.shape[name].safeParse(undefined);
  if (!parsed.success || parsed.data === undefined) return undefined;
  return typeof parsed.data === 'object' ? JSON.stringify(parsed.data) : String(parsed.data);
}
