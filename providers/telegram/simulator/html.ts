import type { MessageEntity } from '@grammyjs/types';
import type { EntityFields, FormattedText } from './entity-types.ts';
import { badRequest } from './errors.ts';
import { linkOf } from './links.ts';

const simpleTags: Readonly<Record<string, MessageEntity['type']>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  code: 'code',
  pre: 'pre',
  'tg-spoiler': 'spoiler',
};
const otherTags: readonly string[] = ['a', 'span', 'blockquote', 'tg-emoji'];

interface OpenTag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly offset: number;
}

/** Reads Telegram's HTML. What it refuses, it refuses with the server's own words, offsets in bytes of UTF-8. */
export function parseHtml(source: string): FormattedText {
  const reader = new HtmlReader(source);
  return reader.read();
}

class HtmlReader {
  readonly #source: string;
  #at = 0;
  #text = '';
  readonly #open: OpenTag[] = [];
  readonly #entities: MessageEntity[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  read(): FormattedText {
    while (this.#at < this.#source.length) {
      const sign = this.#source[this.#at];
      if (sign === '&') this.#text += this.#reference();
      else if (sign !== '<') {
        this.#text += sign;
        this.#at += 1;
      } else if (this.#source[this.#at + 1] === '/') this.#endTag();
      else this.#startTag();
    }
    const unclosed = this.#open.at(-1);
    if (unclosed) throw cannotParse(`Can't find end tag corresponding to start tag "${unclosed.name}"`);
    return { text: this.#text, entities: joinCodeOfPre(this.#entities) };
  }

  /** One of the five named references, or a number; whatever else begins with `&` is that sign. */
  #reference(): string {
    const match = /^&(?:#x([0-9a-f]{1,8})|#(\d{1,8})|(lt|gt|amp|quot));?/i.exec(
      this.#source.slice(this.#at, this.#at + 14),
    );
    const named =
      match?.[3] === undefined ? undefined : { lt: '<', gt: '>', amp: '&', quot: '"' }[match[3].toLowerCase()];
    const code = match?.[1] === undefined ? Number(match?.[2] ?? 0) : Number.parseInt(match[1], 16);
    const sign = named ?? (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined);
    this.#at += sign === undefined ? 1 : (match?.[0].length ?? 1);
    return sign ?? '&';
  }

  #startTag(): void {
    const begin = this.#at;
    this.#at += 1;
    const name = this.#word(/[^\s>]/).toLowerCase();
    if (this.#at >= this.#source.length) throw cannotParse(`Unclosed start tag at byte offset ${this.#byte(begin)}`);
    if (!(name in simpleTags) && !otherTags.includes(name)) {
      throw cannotParse(`Unsupported start tag "${name}" at byte offset ${this.#byte(begin)}`);
    }
    const attributes = this.#attributes(name, begin);
    if (name === 'span' && attributes.get('class') !== 'tg-spoiler') {
      throw cannotParse(`Tag "span" must have class "tg-spoiler" at byte offset ${this.#byte(begin)}`);
    }
    this.#open.push({ name, attributes, offset: this.#text.length });
  }

  #attributes(tag: string, begin: number): Map<string, string> {
    const attributes = new Map<string, string>();
    for (;;) {
      this.#word(/\s/);
      if (this.#source[this.#at] === '>') {
        this.#at += 1;
        return attributes;
      }
      const name = this.#word(/[^\s=>]/);
      if (this.#at >= this.#source.length)
        throw cannotParse(`Unclosed start tag "${tag}" at byte offset ${this.#byte(begin)}`);
      if (name === '') {
        throw cannotParse(`Empty attribute name in the tag "${tag}" at byte offset ${this.#byte(begin)}`);
      }
      this.#word(/\s/);
      attributes.set(name.toLowerCase(), this.#source[this.#at] === '=' ? this.#value(tag, begin) : '');
    }
  }

  #value(tag: string, begin: number): string {
    this.#at += 1;
    this.#word(/\s/);
    const quote = this.#source[this.#at];
    if (quote !== '"' && quote !== "'") {
      const value = this.#word(/[\w.-]/);
      if (value === '') throw cannotParse(`Unexpected end of name token at byte offset ${this.#byte(this.#at)}`);
      return value.toLowerCase();
    }
    this.#at += 1;
    let value = '';
    while (this.#at < this.#source.length && this.#source[this.#at] !== quote) {
      if (this.#source[this.#at] === '&') value += this.#reference();
      else {
        value += this.#source[this.#at];
        this.#at += 1;
      }
    }
    if (this.#at >= this.#source.length)
      throw cannotParse(`Unclosed start tag "${tag}" at byte offset ${this.#byte(begin)}`);
    this.#at += 1;
    return value;
  }

  #endTag(): void {
    const begin = this.#at;
    const tag = this.#open.pop();
    if (!tag) throw cannotParse(`Unexpected end tag at byte offset ${this.#byte(begin)}`);
    this.#at += 2;
    const name = this.#word(/[^\s>]/).toLowerCase();
    this.#word(/\s/);
    if (this.#source[this.#at] !== '>') throw cannotParse(`Unclosed end tag at byte offset ${this.#byte(begin)}`);
    this.#at += 1;
    if (name !== '' && name !== tag.name) {
      const expected = `expected "</${tag.name}>", found "</${name}>"`;
      throw cannotParse(`Unmatched end tag at byte offset ${this.#byte(begin)}, ${expected}`);
    }
    const length = this.#text.length - tag.offset;
    const entity = length > 0 ? entityOf(tag, this.#text.slice(tag.offset)) : undefined;
    if (entity) this.#entities.push({ ...entity, offset: tag.offset, length } as MessageEntity);
  }

  #word(signs: RegExp): string {
    const begin = this.#at;
    while (this.#at < this.#source.length && signs.test(this.#source[this.#at] ?? '')) this.#at += 1;
    return this.#source.slice(begin, this.#at);
  }

  #byte(at: number): number {
    return Buffer.byteLength(this.#source.slice(0, at));
  }
}

function cannotParse(text: string): Error {
  return badRequest(`can't parse entities: ${text}`);
}

function entityOf({ name, attributes }: OpenTag, text: string): EntityFields | undefined {
  switch (name) {
    case 'a':
      return linkOf(attributes.get('href') || text);
    case 'span':
      return { type: 'spoiler' };
    case 'blockquote':
      return { type: attributes.has('expandable') ? 'expandable_blockquote' : 'blockquote' };
    case 'tg-emoji':
      return /^\d{1,20}$/.test(attributes.get('emoji-id') ?? '')
        ? { type: 'custom_emoji', custom_emoji_id: attributes.get('emoji-id') }
        : undefined;
    case 'code': {
      const language = /^language-(.+)$/.exec(attributes.get('class') ?? '')?.[1];
      return { type: 'code', ...(language === undefined ? {} : { language }) };
    }
    default: {
      const type = simpleTags[name];
      return type === undefined ? undefined : { type };
    }
  }
}

/** `<pre>` and `<code class="language-x">` over the same text are one entity with a language, whichever is outside. */
function joinCodeOfPre(entities: MessageEntity[]): MessageEntity[] {
  const languageOver = ({ offset, length }: MessageEntity): string | undefined => {
    const inner = entities.find(
      (other) => other.type === 'code' && other.offset === offset && other.length === length && 'language' in other,
    );
    return (inner as { language?: string } | undefined)?.language;
  };
  const isPre = ({ offset, length }: MessageEntity): boolean =>
    entities.some((other) => other.type === 'pre' && other.offset === offset && other.length === length);
  return entities.flatMap((entity): MessageEntity[] => {
    if (entity.type === 'pre') {
      const language = languageOver(entity);
      return [language === undefined ? entity : { ...entity, language }];
    }
    if (entity.type !== 'code') return [entity];
    const { language, ...plain } = entity as MessageEntity & { language?: string };
    return language !== undefined && isPre(entity) ? [] : [plain];
  });
}
