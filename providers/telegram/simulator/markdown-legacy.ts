import type { MessageEntity } from '@grammyjs/types';
import type { EntityFields, FormattedText } from './entity-types.ts';
import { badRequest } from './errors.ts';
import { linkOf } from './links.ts';

const marks = '_*`[';

/** Reads the older Markdown: no nesting, four marks, of which a backslash takes the meaning. */
export function parseMarkdown(source: string): FormattedText {
  const entities: MessageEntity[] = [];
  let text = '';
  let at = 0;
  while (at < source.length) {
    const sign = source[at] ?? '';
    if (sign === '\\' && marks.includes(source[at + 1] ?? '?')) {
      text += source[at + 1];
      at += 2;
    } else if (marks.includes(sign)) {
      const found = readEntity(source, at);
      if (found.text !== '' && found.fields) {
        entities.push({ ...found.fields, offset: text.length, length: found.text.length } as MessageEntity);
      }
      text += found.text;
      at = found.end;
    } else {
      text += sign;
      at += 1;
    }
  }
  return { text, entities };
}

interface Found {
  readonly text: string;
  readonly fields: EntityFields | undefined;
  readonly end: number;
}

function readEntity(source: string, at: number): Found {
  const sign = source[at] ?? '';
  if (source.startsWith('```', at)) return readPre(source, at);
  const mark = sign === '[' ? ']' : sign;
  const end = source.indexOf(mark, at + 1);
  if (end < 0) throw unclosed(source, at);
  const text = source.slice(at + 1, end);
  if (sign !== '[') {
    return { text, fields: { type: sign === '*' ? 'bold' : sign === '_' ? 'italic' : 'code' }, end: end + 1 };
  }
  if (source[end + 1] !== '(') return { text, fields: linkOf(text), end: end + 1 };
  const close = source.indexOf(')', end + 2);
  if (close < 0) throw unclosed(source, at);
  return { text, fields: linkOf(source.slice(end + 2, close)), end: close + 1 };
}

function readPre(source: string, at: number): Found {
  const end = source.indexOf('```', at + 3);
  if (end < 0) throw unclosed(source, at);
  const [, language = '', text = ''] = /^(?:([^\s`]+)\s|\n)?(.*)$/s.exec(source.slice(at + 3, end)) ?? [];
  return { text, fields: { type: 'pre', ...(language === '' ? {} : { language }) }, end: end + 3 };
}

function unclosed(source: string, at: number): Error {
  const byte = Buffer.byteLength(source.slice(0, at));
  return badRequest(`can't parse entities: Can't find end of the entity starting at byte offset ${byte}`);
}
