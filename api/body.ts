import type { IncomingMessage } from 'node:http';
import { type JsonFault, scanJson } from '../core/json-scan.ts';
import { limits } from '../core/limits.ts';
import { Problem } from './problem.ts';

export interface BodyLimits {
  readonly bytesMax: number;
  /** From now until the last byte: a body that trickles is cut off (A10). */
  readonly deadlineMs: number;
}

const faults: Readonly<Record<JsonFault, string>> = {
  too_deep: `The body is nested more than ${limits.jsonDepthMax} levels deep.`,
  duplicate_key: 'A key stands twice in one object.',
  forbidden_key: 'The key __proto__ is not accepted.',
  number_not_finite: 'A number is too large.',
  unfinished_text: 'A text is not finished.',
};

/** The body as bytes, held to its limits while it arrives: memory never grows past `bytesMax`. */
export async function readBody(request: IncomingMessage, bounds: BodyLimits): Promise<Buffer> {
  const declared = request.headers['content-length'];
  if (declared !== undefined && Number(declared) > bounds.bytesMax) throw tooLarge(bounds.bytesMax);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let received = 0;
    const timer = setTimeout(() => end(() => reject(new Problem('request_timeout'))), bounds.deadlineMs);
    const end = (settle: () => void) => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      settle();
    };
    const onData = (chunk: Buffer) => {
      received += chunk.length;
      if (received > bounds.bytesMax) return end(() => reject(tooLarge(bounds.bytesMax)));
      chunks.push(chunk);
    };
    const onEnd = () => end(() => resolve(Buffer.concat(chunks)));
    const onClose = () => end(() => reject(new Problem('invalid_request', { detail: 'The body ended too early.' })));
    request.on('data', onData).on('end', onEnd).on('close', onClose);
    request.on('error', ignoreAborted);
  });
}

/** Text of a body, which must be UTF-8. */
export function decodeText(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Problem('malformed_json', { detail: 'The body is not UTF-8.', cause });
  }
}

/** The value of a JSON text that has passed the scanner (A9). */
export function parseJson(text: string): unknown {
  const fault = scanJson(text, limits.jsonDepthMax);
  if (fault !== undefined) throw new Problem('malformed_json', { detail: faults[fault] });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem('malformed_json', { detail: 'The body is not JSON.', cause });
  }
}

/** Refuses a body that is packed, or not of the wanted type. */
export function requireType(request: IncomingMessage, type: string): void {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new Problem('unsupported_media_type', { detail: 'Packed bodies are not accepted.' });
  }
  const given = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (given !== type) throw new Problem('unsupported_media_type', { detail: `The content type must be ${type}.` });
}

function tooLarge(bytesMax: number): Problem {
  return new Problem('body_too_large', { detail: `At most ${bytesMax} bytes are accepted.` });
}

/** An aborted request is told by `close`; its error has nobody left to be told to. */
function ignoreAborted(): void {}
