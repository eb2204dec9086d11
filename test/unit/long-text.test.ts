import assert from 'node:assert/strict';
import { messageCharactersMax, messagesOf } from '../../webapp/sandbox/state/long-text.ts';

describe('A text too long for one message', () => {
  it('goes out as several, broken between words, and nothing of it is lost', () => {
    const words = Array.from({ length: 1_200 }, (_, index) => `word${index}`);
    const messages = messagesOf(words.join(' '));
    assert.ok(messages.length > 1 && messages.every(({ length }) => length <= messageCharactersMax));
    assert.deepEqual(messages.join(' ').split(' '), words);
  });

  it('is one message up to the limit itself', () => {
    assert.deepEqual(messagesOf('x'.repeat(messageCharactersMax)), ['x'.repeat(messageCharactersMax)]);
  });

  it('is broken inside a word of that length, but not inside a character', () => {
    const [first, second] = messagesOf(`x${'🦊'.repeat(2_100)}`);
    assert.equal(first, `x${'🦊'.repeat(2_047)}`);
    assert.equal(second, '🦊'.repeat(53));
  });
});
