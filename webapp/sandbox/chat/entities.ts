import type { Entity } from '../state/types.ts';

/** A piece of a text: plain, or an entity with pieces of its own. */
export type Piece = string | { readonly entity: Entity; readonly pieces: readonly Piece[] };

/**
 * The tree that flat entities mean. Offsets count UTF-16 units, as JavaScript's strings do; an entity that crosses
 * another's end is cut there, so that nothing is lost or shown twice.
 */
export function nest(text: string, entities: readonly Entity[] = []): readonly Piece[] {
  const sorted = entities
    .filter(({ offset, length }) => length > 0 && offset >= 0 && offset < text.length)
    .toSorted((one, other) => one.offset - other.offset || other.length - one.length);
  return trimAroundBlocks(within({ text, sorted }, 0, text.length));
}

const blocks = ['pre', 'blockquote', 'expandable_blockquote'];

/** A block begins and ends a line by itself: the line break beside it would be an empty line. */
function trimAroundBlocks(pieces: readonly Piece[]): readonly Piece[] {
  const isBlock = (piece: Piece | undefined): boolean =>
    typeof piece === 'object' && blocks.includes(piece.entity.type);
  return pieces.map((piece, at) => {
    if (typeof piece !== 'string') return piece;
    const text = isBlock(pieces[at - 1]) ? piece.replace(/^\n/, '') : piece;
    return isBlock(pieces[at + 1]) ? text.replace(/\n$/, '') : text;
  });
}

interface Source {
  readonly text: string;
  readonly sorted: Entity[];
}

function within(source: Source, from: number, to: number): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = from;
  for (;;) {
    const entity = source.sorted[0];
    if (entity === undefined || entity.offset >= to) break;
    source.sorted.shift();
    const start = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    if (end <= start) continue;
    if (start > at) pieces.push(source.text.slice(at, start));
    pieces.push({ entity, pieces: within(source, start, end) });
    at = end;
  }
  if (at < to) pieces.push(source.text.slice(at, to));
  return pieces;
}
