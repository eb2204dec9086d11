import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { followLink, sendCommand } from '../state/actions.ts';
import { attempt, showToast } from '../state/notices.ts';
import type { Entity } from '../state/types.ts';
import { t } from '../texts.ts';
import { nest, type Piece } from './entities.ts';

interface Props {
  readonly text: string;
  readonly entities?: readonly Entity[] | undefined;
}

/** A message's text as its entities say. */
export function RichText({ text, entities }: Props): JSX.Element {
  return <span class="rich">{nest(text, entities).map((piece) => render(piece))}</span>;
}

function render(piece: Piece): ComponentChildren {
  if (typeof piece === 'string') return piece;
  const { entity, pieces } = piece;
  const plain = plainText(pieces);
  const inner = pieces.map((one) => render(one));
  switch (entity.type) {
    case 'bold':
      return <strong>{inner}</strong>;
    case 'italic':
      return <em>{inner}</em>;
    case 'underline':
      return <u>{inner}</u>;
    case 'strikethrough':
      return <s>{inner}</s>;
    case 'code':
      return <Code text={plain} />;
    case 'pre':
      return <pre data-language={entity.language}>{inner}</pre>;
    case 'spoiler':
      return <Spoiler>{inner}</Spoiler>;
    case 'blockquote':
    case 'expandable_blockquote':
      return <Quote expandable={entity.type === 'expandable_blockquote'}>{inner}</Quote>;
    default:
      return <Reference entity={entity} plain={plain} inner={inner} />;
  }
}

/** What leads somewhere when it is pressed. */
function Reference({ entity, plain, inner }: { entity: Entity; plain: string; inner: ComponentChildren }) {
  const press = (act: () => Promise<unknown>) => (
    <button type="button" class="reference" onClick={() => attempt(act)}>
      {inner}
    </button>
  );
  switch (entity.type) {
    case 'bot_command':
      return press(() => sendCommand(plain));
    case 'text_link':
      return press(() => followLink(entity.url ?? plain, { ask: true }));
    case 'url':
      return press(() => followLink(/^[a-z]+:/i.test(plain) ? plain : `https://${plain}`));
    case 'email':
    case 'phone_number':
    case 'hashtag':
    case 'cashtag':
    case 'mention':
    case 'text_mention':
      return <span class="mention">{inner}</span>;
    default:
      return <>{inner}</>;
  }
}

function Code({ text }: { text: string }): JSX.Element {
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    showToast(t('copied', { text }));
  };
  return (
    <code>
      <button type="button" class="bare" onClick={() => attempt(copy)}>
        {text}
      </button>
    </code>
  );
}

function Spoiler({ children }: { children: ComponentChildren }): JSX.Element {
  const [shown, show] = useState(false);
  if (shown) return <span class="spoiler shown">{children}</span>;
  return (
    <button type="button" class="spoiler" aria-label={t('showSpoiler')} onClick={() => show(true)}>
      <span aria-hidden="true">{children}</span>
    </button>
  );
}

function Quote({ expandable, children }: { expandable: boolean; children: ComponentChildren }): JSX.Element {
  const [open, setOpen] = useState(!expandable);
  return (
    <blockquote class={open ? '' : 'folded'}>
      {children}
      {expandable && (
        <button type="button" class="unfold" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? '▴' : '▾'}
        </button>
      )}
    </blockquote>
  );
}

function plainText(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : plainText(piece.pieces))).join('');
}
