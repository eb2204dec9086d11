import type { MessageEntity } from '@grammyjs/types';
import type { EntityFields, FormattedText } from './entity-types.ts';
import { badRequest } from './errors.ts';
import { linkOf } from './links.ts';

type Kind =
  | 'Bold'
  | 'Italic'
  | 'Underline'
  | 'Strikethrough'
  | 'Spoiler'
  | 'Code'
  | 'Pre'
  | 'PreCode'
  | 'TextUrl'
  | 'CustomEmoji'
  | 'BlockQuote';

interface Open {
  readonly kind: Kind;
  /** Where it begins in the text that is read out. */
  readonly offset: number;
  /** Where its mark stands in the source. */
  readonly at: number;
  readonly language?: string;
}

const plainTypes: Partial<Record<Kind, MessageEntity['type']>> = {
  Bold: 'bold',
  Italic: 'italic',
  Underline: 'underline',
  Strikethrough: 'strikethrough',
  Spoiler: 'spoiler',
  Code: 'code',
  Pre: 'pre',
};
const reserved = '_*[]()~`>#+-=|{}.!\n';
const opening: readonly (readonly [mark: string, kind: Kind])[] = [
  ['__', 'Underline'],
  ['_', 'Italic'],
  ['*', 'Bold'],
  ['~', 'Strikethrough'],
  ['||', 'Spoiler'],
  ['![', 'CustomEmoji'],
  ['[', 'TextUrl'],
  ['`', 'Code'],
];
const closing: Partial<Record<Kind, string>> = {
  Bold: '*',
  Underline: '__',
  Strikethrough: '~',
  Spoiler: '||',
  Code: '`',
  Pre: '```',
  PreCode: '```',
  TextUrl: ']',
  CustomEmoji: ']',
};

/** Reads MarkdownV2; what it refuses, it refuses with the server's own words, offsets in bytes of UTF-8. */
export function parseMarkdownV2(source: string): FormattedText {
  return new MarkdownReader(source).read();
}

class MarkdownReader {
  readonly #source: string;
  #at = 0;
  #text = '';
  #atLineStart = true;
  #quoteIsExpandable = false;
  readonly #open: Open[] = [];
  readonly #entities: MessageEntity[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  read(): FormattedText {
    while (this.#at < this.#source.length) this.#step();
    if (this.#inQuote()) this.#endQuote('');
    const unclosed = this.#open.at(-1);
    if (unclosed) throw this.#unclosed(unclosed);
    return { text: this.#text, entities: this.#entities };
  }

  #step(): void {
    const sign = this.#source[this.#at] ?? '';
    const next = this.#source.charCodeAt(this.#at + 1);
    if (sign === '\\' && next > 0 && next <= 126) {
      this.#take(this.#source[this.#at + 1] ?? '', 2);
      return;
    }
    const top = this.#open.at(-1);
    const inCode = top !== undefined && ['Code', 'Pre', 'PreCode'].includes(top.kind);
    if (!(inCode ? '`' : reserved).includes(sign)) this.#take(sign, 1);
    else if (top && this.#closes(top)) this.#close(top);
    else if (inCode) this.#take(sign, 1);
    else if (sign === '\n') this.#newline();
    else if (sign === '>' && this.#atLineStart) this.#quote();
    else this.#openEntity(sign);
  }

  #take(sign: string, width: number): void {
    this.#text += sign;
    this.#at += width;
    if (sign !== '\r') this.#atLineStart = false;
  }

  #closes({ kind }: Open): boolean {
    if (kind === 'Italic') return this.#source[this.#at] === '_' && this.#source[this.#at + 1] !== '_';
    const mark = closing[kind];
    return mark !== undefined && this.#source.startsWith(mark, this.#at);
  }

  #openEntity(sign: string): void {
    if (this.#source.startsWith('```', this.#at)) {
      this.#openPre();
      return;
    }
    const found = opening.find(([mark]) => this.#source.startsWith(mark, this.#at));
    if (!found) throw cannotParse(`Character '${sign}' is reserved and must be escaped with the preceding '\\'`);
    this.#open.push({ kind: found[1], offset: this.#text.length, at: this.#at });
    this.#at += found[0].length;
  }

  /** A word right after the mark is the language, and one line's end after that is no part of the text. */
  #openPre(): void {
    const at = this.#at;
    this.#at += 3;
    const language = /^[^\s`]*/.exec(this.#source.slice(this.#at))?.[0] ?? '';
    const after = this.#at + language.length;
    const named = language !== '' && after < this.#source.length && this.#source[after] !== '`';
    if (named) this.#at = after;
    this.#at += /^(?:\r\n|\n\r|\n|\r)?/.exec(this.#source.slice(this.#at, this.#at + 2))?.[0].length ?? 0;
    this.#open.push({
      kind: named ? 'PreCode' : 'Pre',
      offset: this.#text.length,
      at,
      ...(named ? { language } : {}),
    });
  }

  #close(entity: Open): void {
    this.#open.pop();
    this.#at += entity.kind === 'Italic' ? 1 : (closing[entity.kind] ?? '').length;
    const fields = this.#fieldsOf(entity);
    if (fields) this.#add(entity, fields);
  }

  #fieldsOf(entity: Open): EntityFields | undefined {
    switch (entity.kind) {
      case 'PreCode':
        return { type: 'pre', language: entity.language };
      case 'TextUrl':
        return linkOf(this.#source[this.#at] === '(' ? this.#url('a URL') : this.#text.slice(entity.offset));
      case 'CustomEmoji':
        return this.#customEmoji();
      default: {
        const type = plainTypes[entity.kind];
        return type === undefined ? undefined : { type };
      }
    }
  }

  #url(what: string): string {
    this.#at += 1;
    const begin = this.#at;
    let url = '';
    while (this.#at < this.#source.length && this.#source[this.#at] !== ')') {
      const next = this.#source.charCodeAt(this.#at + 1);
      if (this.#source[this.#at] === '\\' && next > 0 && next <= 126) this.#at += 1;
      url += this.#source[this.#at];
      this.#at += 1;
    }
    if (this.#at >= this.#source.length)
      throw cannotParse(`Can't find end of ${what} at byte offset ${this.#byte(begin)}`);
    this.#at += 1;
    return url;
  }

  #customEmoji(): EntityFields {
    if (this.#source[this.#at] !== '(') throw cannotParse('Custom emoji entity must contain a tg://emoji URL');
    const url = this.#url('a custom emoji URL');
    if (!/^tg:/i.test(url)) throw cannotParse('Custom emoji URL must have scheme tg');
    const [, host = '', query = ''] = /^tg:(?:\/\/)?([^/?#]*)\/?(?:\?([^#]*))?/i.exec(url) ?? [];
    if (host.toLowerCase() !== 'emoji') throw cannotParse('Custom emoji URL must have host "emoji"');
    const id = new URLSearchParams(query).get('id');
    if (id === null) throw cannotParse('Custom emoji URL must have an emoji identifier');
    if (!/^-?[1-9]\d{0,18}$/.test(id)) throw cannotParse('Invalid custom emoji identifier specified');
    return { type: 'custom_emoji', custom_emoji_id: id };
  }

  #inQuote(): boolean {
    return this.#open.some(({ kind }) => kind === 'BlockQuote');
  }

  #quote(): void {
    if (!this.#inQuote()) this.#open.push({ kind: 'BlockQuote', offset: this.#text.length, at: this.#at });
    this.#at += 1;
    this.#atLineStart = false;
  }

  #newline(): void {
    this.#at += 1;
    if (this.#inQuote() && this.#source[this.#at] !== '>') this.#endQuote('\n');
    else this.#text += '\n';
    this.#atLineStart = true;
  }

  /** A quotation ends with its line's end; `||` right before that makes it one that can be unfolded. */
  #endQuote(lineEnd: string): void {
    const last = this.#open.at(-1);
    if (last?.kind === 'Spoiler' && /^\r*$/.test(this.#text.slice(last.offset))) {
      this.#open.pop();
      this.#quoteIsExpandable = true;
    }
    const quote = this.#open.at(-1);
    if (quote?.kind !== 'BlockQuote') throw this.#unclosed(quote);
    this.#text += lineEnd;
    this.#open.pop();
    this.#add(quote, { type: this.#quoteIsExpandable ? 'expandable_blockquote' : 'blockquote' });
    this.#quoteIsExpandable = false;
  }

  #add(entity: Open, fields: EntityFields): void {
    const length = this.#text.length - entity.offset;
    if (length > 0) this.#entities.push({ ...fields, offset: entity.offset, length } as MessageEntity);
  }

  #unclosed(entity: Open | undefined): Error {
    const where = `at byte offset ${this.#byte(entity?.at ?? 0)}`;
    return cannotParse(`Can't find end of ${entity?.kind ?? 'BlockQuote'} entity ${where}`);
  }

  #byte(at: number): number {
    return Buffer.byteLength(this.#source.slice(0, at));
  }
}

function cannotParse(text: string): Error {
  return badRequest(`can't parse entities: ${text}`);
}
