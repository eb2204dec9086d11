import assert from 'node:assert/strict';
import type { Update } from '@grammyjs/types';
import { readIncoming } from '../../bot/incoming.ts';

const read = (message: object) => readIncoming({ update_id: 1, message } as Update, 'holdfast_bot');
const strange = 'a kite, half \uD83D of an emoji, a\0NUL';
const kept = 'a kite, half \uFFFD of an emoji, aNUL';

describe('what a person writes to the bot (T13)', () => {
  it('is read as the database can keep it: a text, words behind a command, and those below a photo or a file', () => {
    const photo = [{ file_id: 'f', file_unique_id: 'u', width: 1, height: 1 }];
    const document = { file_id: 'f', file_unique_id: 'u', mime_type: 'image/png' };
    assert.deepEqual(read({ text: strange }), { kind: 'text', text: kept });
    assert.deepEqual(read({ text: `/draw ${strange}` }), { kind: 'command', command: 'draw', argument: kept });
    for (const file of [{ photo }, { document }]) {
      assert.partialDeepStrictEqual(read({ ...file, caption: strange }), { kind: 'photo', photo: { caption: kept } });
    }
  });

  it('to another bot is a text, and to this one by its name in any case is a command', () => {
    assert.deepEqual(read({ text: '/draw@other_bot x' }), { kind: 'text', text: '/draw@other_bot x' });
    assert.deepEqual(read({ text: '/DRAW@Holdfast_Bot x' }), { kind: 'command', command: 'draw', argument: 'x' });
  });
});
