import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { LogConfig } from './config.ts';

export type { Logger } from 'pino';

/** Names whose values never reach a log line, wherever in an object they stand (up to the depth that pino looks at). */
const secretNames = [
  'authorization',
  'cookie',
  'set-cookie',
  'token',
  'accessToken',
  'refreshToken',
  'botToken',
  'initData',
  'password',
  'secret',
  'secretKey',
  'apiKey',
  'accessKey',
  'webhookKey',
  'databaseUrl',
  'prompt',
];

/** Shapes of secrets that may stand inside a text: addresses with a password, bot tokens, bearer tokens, JWTs. */
const secretShapes: readonly [RegExp, string][] = [
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@]+@/gi, '$1[secret]@'],
  [/(?<!\d)\d{6,20}:[\w-]{30,}/g, '[secret]'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, '$1 [secret]'],
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, '[secret]'],
  [/\b(live|test)_[\w-]{16,}/g, '[secret]'],
  [/\b(hash|initData)=[0-9a-zA-Z%_.-]{16,}/g, '$1=[secret]'],
];

export interface LoggerOptions extends LogConfig {
  /** The process: api, worker, start ... */
  readonly name: string;
  /** Where lines go; default: standard output. */
  readonly destination?: DestinationStream;
}

/**
 * JSON lines with the level as a word and the time in RFC 3339. Ids of the thing at hand are fields of a child logger:
 * `logger.child({ requestId, userId, orderId, workflowId })`.
 */
export function createLogger(options: LoggerOptions): Logger {
  const destination = options.destination ?? (options.pretty ? prettyDestination() : undefined);
  const settings = {
    name: options.name,
    level: options.level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: redactPaths(), censor: '[secret]' },
    hooks: { streamWrite: redactText },
  };
  return destination ? pino(settings, destination) : pino(settings);
}

/** Replaces what looks like a secret inside a text. */
export function redactText(text: string): string {
  return secretShapes.reduce((line, [shape, replacement]) => line.replace(shape, replacement), text);
}

function prettyDestination(): DestinationStream {
  return pretty({ translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid,hostname', singleLine: true, sync: true });
}

function redactPaths(): string[] {
  const quoted = secretNames.map((name) => (/^\w+$/.test(name) ? { head: name, tail: `.${name}` } : bracketed(name)));
  return quoted.flatMap(({ head, tail }) => [head, `*${tail}`, `*.*${tail}`, `*.*.*${tail}`]);
}

function bracketed(name: string): { head: string; tail: string } {
  return { head: `["${name}"]`, tail: `["${name}"]` };
}
