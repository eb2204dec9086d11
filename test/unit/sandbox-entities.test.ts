import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nest, type Piece } from '../../webapp/sandbox/chat/entities.ts';

function flat(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : flat(piece.pieces))).join('');
}

/** The tree as tags, for reading. */
function tags(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => (typeof piece === 'string' ? piece : `<${piece.entity.type}>${tags(piece.pieces)}</>`))
    .join('');
}

describe('Entities of a message as a tree', () => {
  it('nest by their offsets', () => {
    const entities = [
      { type: 'italic', offset: 2, length: 1 },
      { type: 'bold', offset: 0, length: 5 },
    ];
    assert.equal(tags(nest('a b c d', entities)), '<bold>a <italic>b</> c</> d');
  });

  it('count UTF-16 units, so that a bold word behind emoji is that word', () => {
    assert.equal(tags(nest('👩‍👩‍👧 bold', [{ type: 'bold', offset: 9, length: 4 }])), '👩‍👩‍👧 <bold>bold</>');
  });

  it('are cut where they cross, so that nothing is shown twice', () => {
    const entities = [
      { type: 'bold', offset: 0, length: 4 },
      { type: 'italic', offset: 2, length: 4 },
    ];
    assert.equal(flat(nest('abcdefg', entities)), 'abcdefg');
  });

  it('that make blocks take the line breaks beside them', () => {
    assert.equal(tags(nest('a\n{}\nb', [{ type: 'pre', offset: 2, length: 2 }])), 'a<pre>{}</>b');
  });

  it('never lose or repeat a character, whatever the bot says', () => {
    const entity = fc.record({
      type: fc.constantFrom('bold', 'italic', 'code', 'text_link'),
      offset: fc.integer({ min: -3, max: 40 }),
      length: fc.integer({ min: -3, max: 40 }),
    });
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 30 }),
        fc.array(entity, { maxLength: 8 }),
        (text, entities) => {
          assert.equal(flat(nest(text, entities)), text);
        },
      ),
    );
  });
});
