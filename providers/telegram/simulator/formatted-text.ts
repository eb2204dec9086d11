import type { MessageEntity } from '@grammyjs/types';
import type { FormattedText } from './entity-types.ts';
import { badRequest } from './errors.ts';
import { parseHtml } from './html.ts';
import { parseMarkdown } from './markdown-legacy.ts';
import { parseMarkdownV2 } from './markdown-v2.ts';
import { linkOf } from './links.ts';
import type { Parameters } from './parameters.ts';
import { foundEntities } from './found-entities.ts';

interface Names {
  readonly text: string;
  readonly entities: string;
  readonly parseMode?: string;
}

/** The text that a call gives, with the entities of its parse mode or those that it lists. */
export function readFormattedText(parameters: Parameters, names: Names): FormattedText | undefined {
  const source = parameters.text(names.text);
  if (source === undefined) return undefined;
  const parsed = parseText(source, parameters.text(names.parseMode ?? 'parse_mode') ?? '', () =>
    parameters.json(names.entities, 'entities'),
  );
  return normalize(parsed);
}

function parseText(source: string, parseMode: string, listed: () => unknown): FormattedText {
  switch (parseMode.toLowerCase()) {
    case 'html':
      return parseHtml(source);
    case 'markdownv2':
      return parseMarkdownV2(source);
    case 'markdown':
      return parseMarkdown(source);
    case '':
    case 'none':
      return { text: source, entities: readEntities(listed()) };
    default:
      throw badRequest('unsupported parse_mode');
  }
}

const entityTypes: readonly string[] = [
  'mention',
  'hashtag',
  'cashtag',
  'bot_command',
  'url',
  'email',
  'phone_number',
  'bold',
  'italic',
  'underline',
  'strikethrough',
  'spoiler',
  'blockquote',
  'expandable_blockquote',
  'code',
  'pre',
  'text_link',
  'text_mention',
  'custom_emoji',
];
/** Found by Telegram itself; a bot that lists them is not listened to. */
const foundTypes = entityTypes.slice(0, 7);

function readEntities(listed: unknown): MessageEntity[] {
  if (listed === undefined) return [];
  if (!Array.isArray(listed)) throw badRequest('expected an Array of MessageEntity');
  return listed.flatMap((row: unknown): MessageEntity[] => {
    if (typeof row !== 'object' || row === null) throw badRequest("can't parse MessageEntity: expected an Object");
    const entity = row as Record<string, unknown>;
    const { type, offset, length, url } = entity;
    if (typeof type !== 'string' || !entityTypes.includes(type)) {
      throw badRequest("can't parse MessageEntity: Unsupported type specified");
    }
    if (!Number.isInteger(offset) || !Number.isInteger(length)) {
      throw badRequest('can\'t parse MessageEntity: Field "offset" must be of type Number');
    }
    if (foundTypes.includes(type)) return [];
    const entityRow = entity as unknown as MessageEntity;
    if (type !== 'text_link') return [entityRow];
    const link = linkOf(typeof url === 'string' ? url : '');
    if (!link) throw badRequest(`entity URL '${String(url)}' is invalid: Wrong HTTP URL`);
    return [{ ...entityRow, ...link } as MessageEntity];
  });
}

/** The text as it is kept: trimmed, with the entities that still cover something, and those that are found in it. */
export function normalize(given: FormattedText): FormattedText {
  const { text, entities } = withoutReturns(given);
  const start = text.length - text.trimStart().length;
  const kept = text.trim();
  const still = entities.flatMap((entity) => clip(entity, { start, length: kept.length }));
  return { text: kept, entities: sortEntities([...still, ...foundEntities(kept, still)]) };
}

/** Without carriage returns, every other control sign as a blank. */
function withoutReturns({ text, entities }: FormattedText): FormattedText {
  // oxlint-disable-next-line no-control-regex
  const cleaned = text.toWellFormed().replaceAll(/[\u0000-\u0009\u000b\u000c\u000e-\u001f]/g, ' ');
  if (!cleaned.includes('\r')) return { text: cleaned, entities: [...entities] };
  const returnsBefore = (at: number): number => cleaned.slice(0, at).split('\r').length - 1;
  return {
    text: cleaned.replaceAll('\r', ''),
    entities: entities.map((entity) => {
      const from = entity.offset - returnsBefore(entity.offset);
      const end = entity.offset + entity.length;
      return { ...entity, offset: from, length: end - returnsBefore(end) - from };
    }),
  };
}

function clip(entity: MessageEntity, { start, length }: { start: number; length: number }): MessageEntity[] {
  const from = Math.max(0, entity.offset - start);
  const to = Math.min(length, entity.offset + entity.length - start);
  return to > from ? [{ ...entity, offset: from, length: to - from }] : [];
}

/** Which of two entities over the same text is the outer one: the smaller number. */
const depth: Partial<Record<MessageEntity['type'], number>> = {
  blockquote: 0,
  expandable_blockquote: 0,
  pre: 10,
  code: 20,
  text_link: 49,
  text_mention: 49,
  bold: 90,
  italic: 91,
  underline: 92,
  strikethrough: 93,
  spoiler: 94,
  custom_emoji: 99,
};

/** Outer before inner, left before right. */
function sortEntities(entities: MessageEntity[]): MessageEntity[] {
  const depthOf = ({ type }: MessageEntity): number => depth[type] ?? 50;
  return entities.sort(
    (left, right) => left.offset - right.offset || right.length - left.length || depthOf(left) - depthOf(right),
  );
}
