import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { MessageEntity } from '@grammyjs/types';
import type { FormattedText } from '../../providers/telegram/simulator/entity-types.ts';
import { BotApiError } from '../../providers/telegram/simulator/errors.ts';
import { normalize } from '../../providers/telegram/simulator/formatted-text.ts';
import { parseHtml } from '../../providers/telegram/simulator/html.ts';
import { parseMarkdown } from '../../providers/telegram/simulator/markdown-legacy.ts';
import { parseMarkdownV2 } from '../../providers/telegram/simulator/markdown-v2.ts';

type Brief = [string, number, number] | [string, number, number, string];

function brief({ text, entities }: FormattedText): [string, Brief[]] {
  return [
    text,
    entities.map((entity): Brief => {
      const more = entity as { url?: string; language?: string; custom_emoji_id?: string };
      const said = more.url ?? more.language ?? more.custom_emoji_id;
      const place = [entity.type, entity.offset, entity.length] as const;
      return said === undefined ? [...place] : [...place, said];
    }),
  ];
}

function refuses(read: () => unknown, words: string): void {
  assert.throws(read, (error: unknown) => {
    assert.ok(error instanceof BotApiError);
    assert.equal(error.message, `Bad Request: can't parse entities: ${words}`);
    return true;
  });
}

describe('Texts of the Bot API in HTML', () => {
  const read: [string, string, Brief[]][] = [
    [
      '<b>a</b> <i>b</i><u>c</u><s>d</s>',
      'a bcd',
      [
        ['bold', 0, 1],
        ['italic', 2, 1],
        ['underline', 3, 1],
        ['strikethrough', 4, 1],
      ],
    ],
    ['🏟<b>🏟</b>x', '🏟🏟x', [['bold', 2, 2]]],
    [
      '<b>a<i>b</></>',
      'ab',
      [
        ['bold', 0, 2],
        ['italic', 1, 1],
      ],
    ],
    ['1 &lt; 2 &amp;&amp; 3 &gt; 2 &quot;&#33;&#x21; &ge;', '1 < 2 && 3 > 2 "!! &ge;', []],
    [
      '<a href="https://holdfast.example/a?b&amp;c">link</a>',
      'link',
      [['text_link', 0, 4, 'https://holdfast.example/a?b&c']],
    ],
    ['<a href="nowhere">x</a>', 'x', []],
    ['<pre><code class="language-ts">let</code></pre>', 'let', [['pre', 0, 3, 'ts']]],
    [
      '<pre> <code class="language-ts">let</code></pre>',
      ' let',
      [
        ['pre', 0, 4],
        ['code', 1, 3],
      ],
    ],
    [
      '<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler>',
      'ab',
      [
        ['spoiler', 0, 1],
        ['spoiler', 1, 1],
      ],
    ],
    ['<blockquote expandable>a</blockquote>', 'a', [['expandable_blockquote', 0, 1]]],
    ['<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>', '👍', [['custom_emoji', 0, 2, '5368324170671202286']]],
    ['<b></b>', '', []],
  ];
  for (const [source, text, entities] of read) {
    it(`reads ${source}`, () => {
      const parsed = parseHtml(source);
      const sorted = parsed.entities.sort((left, right) => left.offset - right.offset || right.length - left.length);
      assert.deepEqual(brief({ text: parsed.text, entities: sorted }), [text, entities]);
    });
  }

  const refused: [string, string][] = [
    ['<b>a', 'Can\'t find end tag corresponding to start tag "b"'],
    ['a</b>', 'Unexpected end tag at byte offset 1'],
    ['🏟<i>a</b>', 'Unmatched end tag at byte offset 8, expected "</i>", found "</b>"'],
    ['ж<script>', 'Unsupported start tag "script" at byte offset 2'],
    ['a<b', 'Unclosed start tag at byte offset 1'],
    ['<b>a</b', 'Unclosed end tag at byte offset 4'],
    ['<span>a</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
    ['1 < 2', 'Unsupported start tag "" at byte offset 2'],
  ];
  for (const [source, words] of refused) {
    it(`refuses ${source}`, () => refuses(() => parseHtml(source), words));
  }
});

describe('Texts of the Bot API in MarkdownV2', () => {
  const read: [string, string, Brief[]][] = [
    [
      '*a* _b_ __c__ ~d~ ||e|| `f`',
      'a b c d e f',
      [
        ['bold', 0, 1],
        ['italic', 2, 1],
        ['underline', 4, 1],
        ['strikethrough', 6, 1],
        ['spoiler', 8, 1],
        ['code', 10, 1],
      ],
    ],
    [
      '🏟_🏟 __🏟___',
      '🏟🏟 🏟',
      [
        ['italic', 2, 5],
        ['underline', 5, 2],
      ],
    ],
    ['[a](https://x.example/\\))', 'a', [['text_link', 0, 1, 'https://x.example/)']]],
    ['```ts\nlet```', 'let', [['pre', 0, 3, 'ts']]],
    ['```\nlet```', 'let', [['pre', 0, 3]]],
    ['>a\n>b\nc', 'a\nb\nc', [['blockquote', 0, 4]]],
    ['>a||\nb', 'a\nb', [['expandable_blockquote', 0, 2]]],
    [
      '>a\n**>b',
      'a\nb',
      [
        ['blockquote', 0, 2],
        ['blockquote', 2, 1],
      ],
    ],
    ['![👍](tg://emoji?id=25)', '👍', [['custom_emoji', 0, 2, '25']]],
    ['1\\. \\_ \\\\', '1. _ \\', []],
  ];
  for (const [source, text, entities] of read) {
    it(`reads ${JSON.stringify(source)}`, () => {
      const parsed = parseMarkdownV2(source);
      const sorted = parsed.entities.sort((left, right) => left.offset - right.offset || right.length - left.length);
      assert.deepEqual(brief({ text: parsed.text, entities: sorted }), [text, entities]);
    });
  }

  const refused: [string, string][] = [
    ['Version 1.0', "Character '.' is reserved and must be escaped with the preceding '\\'"],
    ['a > b', "Character '>' is reserved and must be escaped with the preceding '\\'"],
    ['ж*a', "Can't find end of Bold entity at byte offset 2"],
    ['🏟 🏟__🏟 _🏟___', "Can't find end of Italic entity at byte offset 23"],
    ['🏟 🏟```a ', "Can't find end of PreCode entity at byte offset 9"],
    ['[a](asd', "Can't find end of a URL at byte offset 4"],
    ['>*b\nc*', "Can't find end of Bold entity at byte offset 1"],
    ['![a]', 'Custom emoji entity must contain a tg://emoji URL'],
  ];
  for (const [source, words] of refused) {
    it(`refuses ${JSON.stringify(source)}`, () => refuses(() => parseMarkdownV2(source), words));
  }

  it('reads the older Markdown, and says where an entity does not end', () => {
    assert.deepEqual(brief(parseMarkdown('*a* _b_ `c` [d](https://x.example)')), [
      'a b c d',
      [
        ['bold', 0, 1],
        ['italic', 2, 1],
        ['code', 4, 1],
        ['text_link', 6, 1, 'https://x.example/'],
      ],
    ]);
    refuses(() => parseMarkdown('ж *a'), "Can't find end of the entity starting at byte offset 3");
  });
});

describe('Entities', () => {
  const sign = fc.oneof(
    fc.constantFrom(
      'a',
      'ж',
      '🏟',
      '👩‍👧',
      '<',
      '>',
      '&',
      '"',
      "'",
      '_',
      '*',
      '.',
      '!',
      '\n',
      ' ',
      '\\',
      '`',
      '|',
      '#',
      '/',
    ),
    fc.string({ minLength: 1, maxLength: 3, unit: 'grapheme' }),
  );
  const words = fc.array(sign, { minLength: 1, maxLength: 12 }).map((signs) => signs.join('').replaceAll('\r', ''));
  const escapeHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const escapeMarkdown = (text: string) => text.replaceAll(/[_*[\]()~`>#+\-=|{}.!\\]/g, '\\$&');

  it('keep to UTF-16 offsets whatever is in the text: what is marked comes back as it was written', () => {
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 6 }), (parts) => {
        const html = parts.map((part) => `<b>${escapeHtml(part)}</b>`).join('x');
        const markdown = parts.map((part) => `*${escapeMarkdown(part)}*`).join('x');
        for (const { text, entities } of [parseHtml(html), parseMarkdownV2(markdown)]) {
          assert.equal(text, parts.join('x'));
          const marked = entities.map(({ offset, length }) => text.slice(offset, offset + length));
          assert.deepEqual(marked, parts);
        }
      }),
    );
  });

  it('never reach out of the text after it was trimmed, and never cover nothing', () => {
    const entity = fc.record({ offset: fc.nat(40), length: fc.nat(40) });
    fc.assert(
      fc.property(fc.array(words, { maxLength: 4 }), fc.array(entity, { maxLength: 5 }), (parts, places) => {
        const given = places.map((place): MessageEntity => ({ type: 'bold', ...place }));
        const { text, entities } = normalize({ text: ` \n${parts.join(' ')} \n`, entities: given });
        assert.equal(text, text.trim());
        for (const { offset, length } of entities) {
          assert.ok(length > 0 && offset >= 0 && offset + length <= text.length);
        }
      }),
    );
  });

  it('are found in a text: commands, addresses, names, tags', () => {
    const { entities, text } = normalize({
      text: 'go /menu@bot_name or https://x.example/a, write to @anna_demo or a@b.example #тег $TON',
      entities: [],
    });
    assert.deepEqual(
      entities.map(({ type, offset, length }) => [type, text.slice(offset, offset + length)]),
      [
        ['bot_command', '/menu@bot_name'],
        ['url', 'https://x.example/a'],
        ['mention', '@anna_demo'],
        ['email', 'a@b.example'],
        ['hashtag', '#тег'],
        ['cashtag', '$TON'],
      ],
    );
  });
});
