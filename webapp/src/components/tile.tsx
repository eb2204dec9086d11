import type { Generation } from '../api/types.ts';
import { go } from '../router.ts';
import { isGenerationOpen } from '../state/shop.ts';
import { t } from '../texts.ts';
import { Icon } from './icon.tsx';
import { Picture } from './picture.tsx';

/** A generation as a square: its picture, how far it is, or that it came to nothing. */
export function Tile({ generation }: { readonly generation: Generation }) {
  const { id, prompt, resultUrls } = generation;
  const [first] = resultUrls;
  return (
    <button type="button" class="tile" aria-label={labelOf(generation)} onClick={() => go(`/generation/${id}`)}>
      {first === undefined ? (
        <TileState generation={generation} />
      ) : (
        <Picture src={first} alt={t('picture-of', { prompt: prompt.slice(0, 80) })} ratio="1" />
      )}
      {resultUrls.length > 1 && <span class="tile-count">{resultUrls.length}</span>}
    </button>
  );
}

function labelOf({ status, prompt }: Generation): string {
  const state = status === 'succeeded' ? '' : `${stateWords(status)}: `;
  return `${state}${t('picture-of', { prompt: prompt.slice(0, 80) })}`;
}

/** What a status is called in a word or two. */
export function stateWords(status: Generation['status']): string {
  if (status === 'failed') return t('failed-title');
  if (status === 'canceled') return t('canceled-title');
  if (status === 'refused') return t('refused-title');
  return t(`state-${status}`);
}

function TileState({ generation: { status, progress, prompt } }: { readonly generation: Generation }) {
  if (isGenerationOpen(status)) {
    return (
      <span class="tile-state tile-working">
        <span class="grain" />
        <span class="tile-percent">{progress === null ? '' : `${progress}%`}</span>
      </span>
    );
  }
  return (
    <span class="tile-state tile-ended">
      <Icon name={status === 'failed' ? 'return' : status === 'needs_attention' ? 'alert' : 'close'} />
      <span class="tile-prompt">{prompt}</span>
    </span>
  );
}
