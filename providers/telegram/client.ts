import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { BreakerRules } from '../../core/breaker.ts';
import { parseJson } from '../../core/json.ts';
import { done, notSent, type Outcome, refused, unknown } from '../../core/result.ts';
import type { Secret } from '../../platform/secret.ts';
import type { Http, HttpAnswer } from '../http.ts';
import type { MethodName, MethodPayload, MethodResult, TelegramFile } from './methods.ts';

export interface TelegramOptions {
  /** `https://api.telegram.org`, or the simulator; no slash at the end. */
  readonly apiUrl: string;
  readonly botToken: Secret;
  readonly http: Http;
}

export interface TelegramClient {
  /**
   * Calls one method of the Bot API. `refused`: it did not act, `code` is one of `telegramRefusals` and `message`
   * Telegram's own description. `not_sent`: nothing left, or 429 with the time to wait. `unknown`: it may have acted.
   * Never throws for what Telegram answers.
   */
  call<M extends MethodName>(
    method: M,
    payload: MethodPayload<M>,
    deadlineMs?: number,
  ): Promise<Outcome<MethodResult<M>>>;
  /** Fetches a file by the path that `getFile` answered. */
  download(filePath: string): Promise<Outcome<Uint8Array>>;
}

/** What a refusal means for us; everything that has no name of its own is `bad_request`. */
export const telegramRefusals = [
  'not_modified',
  'blocked',
  'chat_not_found',
  'chat_migrated',
  'message_gone',
  'query_too_old',
  'already_refunded',
  'conflict',
  'unauthorized',
  'bad_request',
] as const;
export type TelegramRefusal = (typeof telegramRefusals)[number];

/** A Telegram that failed five times in a row is left alone for a moment only: people wait for an answer. */
export const telegramBreaker: BreakerRules = { failures: 5, openMs: 3_000 };
const callDeadlineMs = 20_000;
const fileBytesMax = 20 * 1024 * 1024;

const envelope = z.object({
  ok: z.boolean(),
  result: z.unknown().optional(),
  error_code: z.int().optional(),
  description: z.string().optional(),
  parameters: z.object({ retry_after: z.number().optional(), migrate_to_chat_id: z.number().optional() }).optional(),
});
type Envelope = z.infer<typeof envelope>;

/** The client of the Bot API; the same for Telegram and for its simulator. */
export function createTelegramClient({ apiUrl, botToken, http }: TelegramOptions): TelegramClient {
  const base = `${apiUrl}/bot${botToken.reveal()}`;
  return {
    async call(method, payload, deadlineMs = callDeadlineMs) {
      const answer = await http.send({
        method: 'POST',
        url: `${base}/${method}`,
        route: `/${method}`,
        deadlineMs,
        ...encode(payload),
      });
      return answer.outcome === 'done' ? judge(answer.value) : answer;
    },
    async download(filePath) {
      const url = `${apiUrl}/file/bot${botToken.reveal()}/${filePath}`;
      const answer = await http.send({
        method: 'GET',
        url,
        route: '/file',
        deadlineMs: callDeadlineMs,
        maxBytes: fileBytesMax,
      });
      if (answer.outcome !== 'done') return answer;
      return answer.value.status === 200
        ? done(answer.value.bytes)
        : refused('bad_request', 'the file cannot be fetched');
    },
  };
}

function judge<T>(answer: HttpAnswer): Outcome<T> {
  const parsed = envelope.safeParse(parseJson(answer.text()));
  if (!parsed.success) return unknown('answer_not_understood');
  const { ok, result, error_code: code = answer.status, description = '', parameters } = parsed.data;
  if (ok) return done(result as T);
  if (code === 429) return notSent('rate_limited', (parameters?.retry_after ?? 1) * 1_000);
  if (code >= 500) return unknown(`status_${code}`);
  return refused(refusalOf(code, description, parameters), description);
}

function refusalOf(code: number, description: string, parameters: Envelope['parameters']): TelegramRefusal {
  if (parameters?.migrate_to_chat_id !== undefined) return 'chat_migrated';
  if (code === 401) return 'unauthorized';
  if (code === 403) return 'blocked';
  if (code === 409) return 'conflict';
  if (/message is not modified/.test(description)) return 'not_modified';
  if (/chat not found/.test(description)) return 'chat_not_found';
  if (/message to (edit|delete) not found|message can't be (edited|deleted)/.test(description)) return 'message_gone';
  if (/query is too old/.test(description)) return 'query_too_old';
  if (/CHARGE_ALREADY_REFUNDED/.test(description)) return 'already_refunded';
  return 'bad_request';
}

/** JSON where nothing is uploaded; else multipart, with each file attached under a name of its own. */
function encode(payload: Record<string, unknown>): { headers: Record<string, string>; body: string | Uint8Array } {
  const files = new Map<string, TelegramFile>();
  const text = JSON.stringify(payload, (_, value: unknown) => {
    if (!isFile(value)) return value;
    const name = `file${files.size}`;
    files.set(name, value);
    return `attach://${name}`;
  });
  if (files.size === 0) return { headers: { 'content-type': 'application/json' }, body: text };
  return multipart(JSON.parse(text) as Record<string, unknown>, files);
}

function multipart(fields: Record<string, unknown>, files: ReadonlyMap<string, TelegramFile>) {
  const boundary = `holdfast-${randomUUID()}`;
  const parts: Uint8Array[] = [];
  const add = (head: string, body: Uint8Array | string) =>
    parts.push(Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`), Buffer.from(body), Buffer.from('\r\n'));
  for (const [name, value] of Object.entries(fields)) {
    add(`content-disposition: form-data; name="${name}"`, typeof value === 'string' ? value : JSON.stringify(value));
  }
  for (const [name, file] of files) {
    const fileName = file.fileName.replaceAll(/[^\w.-]/g, '_');
    const disposition = `content-disposition: form-data; name="${name}"; filename="${fileName}"`;
    add(`${disposition}\r\ncontent-type: ${file.mime}`, file.bytes);
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  return { headers: { 'content-type': `multipart/form-data; boundary=${boundary}` }, body: Buffer.concat(parts) };
}

function isFile(value: unknown): value is TelegramFile {
  return typeof value === 'object' && value !== null && 'bytes' in value && 'fileName' in value && 'mime' in value;
}
