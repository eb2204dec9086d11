/**
 * What a prompt may ask of the simulator, in square brackets anywhere in the text:
 *
 * - `[fail]`, `[fail:422]`, `[fail:500 out of luck]`: the task is accepted and then fails with that code and message.
 * - `[refuse:422]`: createTask is refused with that code (400, 401, 402, 404, 422, 429, 455, 500, 505 ...).
 * - `[slow:30s]`, `[slow:500ms]`, `[slow:2m]`: the task takes so long. `[stuck]`: it never ends by itself.
 * - `[count:2]`: so many pictures are delivered, whatever was ordered.
 * - `[lost]`: the task is created, but the answer of createTask never arrives. The callback still does.
 * - `[silent]`: no callback. `[twice]`: every callback is delivered twice.
 * - `[gone]`: the results cannot be fetched (404).
 */
export interface PromptWords {
  readonly refuseCode?: number;
  readonly fail?: { readonly code: string; readonly message: string };
  readonly durationMs?: number;
  readonly stuck: boolean;
  readonly count?: number;
  readonly lost: boolean;
  readonly silent: boolean;
  readonly twice: boolean;
  readonly gone: boolean;
}

const wordPattern = /\[(fail|refuse|slow|count|lost|silent|twice|gone|stuck)(?::([^\]\n]{1,200}))?\]/gi;
const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };
const countMax = 10;

/** Reads the words out of a prompt; the last of a kind counts, nonsense is no word. */
export function readWords(prompt: string): PromptWords {
  const found = new Map<string, string>();
  for (const [, word, argument] of prompt.matchAll(wordPattern)) {
    if (word !== undefined) found.set(word.toLowerCase(), argument?.trim() ?? '');
  }
  const refuseCode = numberOf(found.get('refuse'));
  const durationMs = durationOf(found.get('slow'));
  const count = numberOf(found.get('count'));
  return {
    ...(refuseCode === undefined ? {} : { refuseCode }),
    ...(found.has('fail') ? { fail: failureOf(found.get('fail') ?? '') } : {}),
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(count === undefined ? {} : { count: Math.min(count, countMax) }),
    stuck: found.has('stuck'),
    lost: found.has('lost'),
    silent: found.has('silent'),
    twice: found.has('twice'),
    gone: found.has('gone'),
  };
}

/** The prompt as it is drawn: without the words. */
export function withoutWords(prompt: string): string {
  return prompt.replace(wordPattern, ' ').replace(/\s+/g, ' ').trim();
}

function failureOf(argument: string): { code: string; message: string } {
  const match = /^(\d{3})?\s*(.*)$/.exec(argument);
  return { code: match?.[1] ?? '501', message: match?.[2] || 'Generation failed, please try again.' };
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : undefined;
}

function durationOf(text: string | undefined): number | undefined {
  const match = /^(\d{1,6})\s*(ms|s|m)?$/i.exec(text ?? '');
  if (match === null) return undefined;
  return Number(match[1]) * (unitMs[match[2]?.toLowerCase() ?? 's'] ?? 1_000);
}
