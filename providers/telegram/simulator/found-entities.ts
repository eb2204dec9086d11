import type { MessageEntity } from '@grammyjs/types';

type FoundType = 'bot_command' | 'mention' | 'hashtag' | 'cashtag' | 'email' | 'url';

const patterns: readonly (readonly [FoundType, RegExp])[] = [
  ['url', /(?<![\w@.])https?:\/\/[^\s<>"]+/gi],
  ['url', /(?<![\w@./])(?:[a-z0-9-]+\.)+(?:com|org|net|ru|io|me|dev|app|shop|example)\b(?:\/[^\s<>"]*)?/gi],
  ['email', /(?<![\w.+-])[\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+/gi],
  ['bot_command', /(?<![\w/>])\/[a-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])/gi],
  ['mention', /(?<![\w@])@[a-z]\w{2,31}(?!\w)/gi],
  ['hashtag', /(?<![\p{L}\p{N}_])#(?=[\p{L}\p{N}_]*\p{L})[\p{L}\p{N}_]{1,256}/giu],
  ['cashtag', /(?<![\p{L}\p{N}_$])\$[A-Z]{1,8}(?![\p{L}\p{N}_])/gu],
];

const opaque: readonly string[] = ['code', 'pre', 'text_link', 'text_mention'];

/** What Telegram finds in a text by itself; nothing within code or a link, and nothing over another finding. */
export function foundEntities(text: string, given: readonly MessageEntity[]): MessageEntity[] {
  const covered = given
    .filter(({ type }) => opaque.includes(type))
    .map(({ offset, length }) => [offset, offset + length]);
  const found: MessageEntity[] = [];
  for (const [type, pattern] of patterns) {
    for (const match of text.matchAll(pattern)) {
      const value = type === 'url' ? match[0].replace(/[.,!?:;)\]'"]+$/, '') : match[0];
      const span = [match.index, match.index + value.length] as const;
      if (covered.some(([from = 0, to = 0]) => span[0] < to && from < span[1])) continue;
      covered.push([...span]);
      found.push({ type, offset: span[0], length: value.length });
    }
  }
  return found;
}
