import type { MessageEntity } from '@grammyjs/types';
import { badRequest } from './errors.ts';
import { parseHtml } from './html.ts';
import type { Parameters } from './parameters.ts';
import { foundEntities } from './found-entities.ts';

/** A text with its entities; offsets and lengths are in UTF-16 code units. */
export interface FormattedText {
  readonly text: string;
  readonly entities: MessageEntity[];
}

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
    case '':
    case 'none':
      return { text: source, entities: readEntities(listed()) };
    default:
      throw badRequest('unsupported parse_mode');
  }
}

function readEntities(listed: unknown): MessageEntity[] {
  if (listed === undefined) return [];
  if (!Array.isArray(listed)) throw badRequest('expected an Array of MessageEntity');
  return listed as MessageEntity[];
}

/** The text as it is kept: trimmed, with the entities that still cover something, and those that are found in it. */
export function normalize({ text, entities }: FormattedText): FormattedText {
  const cleaned = cleanText(text);
  const start = cleaned.length - cleaned.trimStart().length;
  const kept = cleaned.trim();
  const given = entities.flatMap((entity) => clip(entity, { start, length: kept.length }));
  return { text: kept, entities: sortEntities([...given, ...foundEntities(kept, given)]) };
}

function cleanText(text: string): string {
  // A carriage return is dropped and every other control sign is a blank, one for one, so that offsets hold.
  // oxlint-disable-next-line no-control-regex
  return text.toWellFormed().replaceAll(/[\u0000-\u0009\u000b-\u001f]/g, ' ');
}

function clip(entity: MessageEntity, { start, length }: { start: number; length: number }): MessageEntity[] {
  const from = Math.max(0, entity.offset - start);
  const to = Math.min(length, entity.offset + entity.length - start);
  return to > from ? [{ ...entity, offset: from, length: to - from }] : [];
}

/** Outer before inner, left before right. */
function sortEntities(entities: MessageEntity[]): MessageEntity[] {
  return entities.sort((left, right) => left.offset - right.offset || right.length - left.length);
}
