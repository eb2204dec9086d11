import { badRequest } from './errors.ts';
import type { InputFiles, MediaKind } from './input-files.ts';
import { readInlineMarkup } from './keyboards.ts';
import type { Content } from './messages.ts';
import { createParameters } from './parameters.ts';
import { readCaption, readText } from './text-messages.ts';

/** One result of an inline query, as far as it was checked. */
export interface InlineResult {
  readonly id: string;
  readonly type: string;
  readonly given: Readonly<Record<string, unknown>>;
}

const resultsMax = 50;
const idBytesMax = 64;
/** The types with a file, what their file is, and in which of their fields it is named. */
const withFile: Readonly<Record<string, { readonly kind: MediaKind; readonly fields: readonly string[] }>> = {
  photo: { kind: 'photo', fields: ['photo_url', 'photo_file_id'] },
  gif: { kind: 'animation', fields: ['gif_url', 'gif_file_id'] },
  mpeg4_gif: { kind: 'animation', fields: ['mpeg4_url', 'mpeg4_file_id'] },
  video: { kind: 'video', fields: ['video_url', 'video_file_id'] },
  audio: { kind: 'audio', fields: ['audio_url', 'audio_file_id'] },
  document: { kind: 'document', fields: ['document_url', 'document_file_id'] },
  sticker: { kind: 'sticker', fields: ['sticker_file_id'] },
};
const needed: Readonly<Record<string, readonly string[]>> = {
  article: ['title'],
  document: ['title'],
  location: ['title', 'latitude', 'longitude'],
  contact: ['phone_number', 'first_name'],
};

/** The results of `answerInlineQuery`, each checked as the server checks it. */
export function readResults(given: unknown): InlineResult[] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) throw badRequest('expected an Array of inline query results');
  if (given.length > resultsMax) throw badRequest('RESULTS_TOO_MUCH');
  const results = given.map(readResult);
  if (new Set(results.map(({ id }) => id)).size < results.length) throw badRequest('RESULT_ID_DUPLICATE');
  return results;
}

/** One result: its type, its id, and what its type cannot be without. */
export function readResult(value: unknown): InlineResult {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unreadable('Inline query result must be an object');
  }
  const given = value as Record<string, unknown>;
  const type = textOf(given, 'type').toLowerCase();
  const id = textOf(given, 'id');
  if (id === '' || Buffer.byteLength(id) > idBytesMax) throw badRequest('RESULT_ID_INVALID');
  checkContent(type, given['input_message_content']);
  const file = withFile[type];
  if (!file && !needed[type]) throw unreadable(`type "${type}" is unsupported for the inline query result`);
  for (const name of needed[type] ?? []) if (given[name] === undefined) throw missing(name);
  if (file && !file.fields.some((name) => given[name] !== undefined)) throw missing(file.fields.at(-1) ?? '');
  readInlineMarkup(createParameters(new Map(Object.entries(given)), new Map()));
  return { id, type, given };
}

function checkContent(type: string, content: unknown): void {
  if (content === undefined && type === 'article') throw missing('message_text');
  if (content === undefined) return;
  if (typeof content !== 'object' || content === null) {
    throw unreadable('Field "input_message_content" must be of type Object');
  }
  const known = ['message_text', 'latitude', 'phone_number'].some((name) => name in content);
  if (!known && type === 'article') throw unreadable('Input message content is not specified');
  if ('message_text' in content) readText(textParameters(content));
}

/** The message that a result becomes when a person chooses it. */
export async function contentOf({ type, given }: InlineResult, inputs: InputFiles): Promise<Content> {
  const own = createParameters(new Map(Object.entries(given)), new Map());
  const markup = readInlineMarkup(own);
  const keyboard = markup ? { reply_markup: markup } : {};
  const content = (given['input_message_content'] ?? given) as Record<string, unknown>;
  if ('message_text' in content) return { ...readText(textParameters(content)), ...keyboard };
  if ('latitude' in content) {
    return { location: { latitude: content['latitude'], longitude: content['longitude'] }, ...keyboard };
  }
  if ('phone_number' in content) {
    const { phone_number, first_name, last_name } = content;
    return { contact: { phone_number, first_name, ...(last_name ? { last_name } : {}) }, ...keyboard };
  }
  const file = withFile[type];
  const value = file?.fields.map((name) => given[name]).find((one) => one !== undefined);
  if (!file) throw unreadable('Input message content is not specified');
  const media = await inputs.resolve(own, value, { kind: file.kind, facts: given });
  return { ...media, ...(type === 'sticker' ? {} : readCaption(own)), ...keyboard };
}

function textParameters(content: object) {
  const { message_text: text, ...rest } = content as Record<string, unknown>;
  return createParameters(new Map(Object.entries({ ...rest, text })), new Map());
}

function textOf(given: Readonly<Record<string, unknown>>, name: string): string {
  const value = given[name];
  if (value === undefined) throw missing(name);
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw unreadable(`Field "${name}" must be of type String`);
  }
  return String(value);
}

function missing(name: string): Error {
  return unreadable(`Can't find field "${name}"`);
}

function unreadable(why: string): Error {
  return badRequest(`can't parse inline query result: ${why}`);
}
