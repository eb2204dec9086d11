import { type Bindings, type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { LogConfig } from './config.ts';

export type { Logger } from 'pino';

/** Names whose values never reach a log line, wherever in an object they stand (up to the depth that pino looks at). */
const secretNames: ReadonlySet<string> = new Set([
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
]);
const secretDepthMax = 4;

/** Where errors of the database carry the data that the statement was about: prompts, hashes of tokens, bodies. */
const dataNames: ReadonlySet<string> = new Set(['values', 'row', 'detail']);

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
  const destination = options.destination ?? standardOutput(options);
  const settings = {
    name: options.name,
    level: options.level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }), log: hideSecrets },
    serializers: { err: showError },
    hooks: { streamWrite: redactText },
  };
  return withHiddenBindings(destination ? pino(settings, destination) : pino(settings));
}

/** A child's fields pass no formatter, so they are looked through where they are given. Children inherit this. */
function withHiddenBindings(logger: Logger): Logger {
  const makeChild = logger.child;
  const child = function child(this: Logger, bindings: Bindings): Logger {
    return makeChild.call(this, hideSecrets(bindings)) as unknown as Logger;
  };
  return Object.assign(logger, { child });
}

/** Replaces what looks like a secret inside a text. */
export function redactText(text: string): string {
  return secretShapes.reduce((line, [shape, replacement]) => line.replace(shape, replacement), text);
}

function prettyDestination(): DestinationStream {
  return pretty({ translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid,hostname', singleLine: true, sync: true });
}

/** Lines leave together: a write for each costs a busy process more than making it. None waits longer than this. */
const gathering = { minLength: 4_096, periodicFlush: 50 } as const;

function standardOutput({ pretty: isPretty, buffered = false }: LoggerOptions): DestinationStream | undefined {
  if (isPretty) return prettyDestination();
  return buffered ? pino.destination({ dest: 1, sync: false, ...gathering }) : undefined;
}

function showError(error: Error): Record<string, unknown> {
  const fields = Object.entries(pino.stdSerializers.err(error)).filter(([name]) => !dataNames.has(name));
  return hideSecrets(Object.fromEntries(fields));
}

/**
 * The same fields with the values of secret names hidden. Written out because pino's own redaction by wildcards costs
 * more than the rest of a line; nothing is copied where nothing has to be hidden.
 */
function hideSecrets(fields: Record<string, unknown>): Record<string, unknown> {
  return hideInside(fields, 1) as Record<string, unknown>;
}

function hideInside(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > secretDepthMax || 'toJSON' in value) return value;
  let copy: Record<string, unknown> | undefined;
  for (const [name, part] of Object.entries(value)) {
    const shown = secretNames.has(name)
      ? '[secret]'
      : isLoggedError(name, part, depth)
        ? part
        : hideInside(part, depth + 1);
    if (shown !== part) (copy ??= copyOf(value))[name] = shown;
  }
  return copy ?? value;
}

/** The error of a line is made into fields, and these are looked through, by its own serializer. */
function isLoggedError(name: string, part: unknown, depth: number): boolean {
  return depth === 1 && name === 'err' && part instanceof Error;
}

function copyOf(value: object): Record<string, unknown> {
  return (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
}
