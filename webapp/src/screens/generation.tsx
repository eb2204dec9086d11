import { useEffect, useState } from 'preact/hooks';
import type { GenerationWish } from '../api/client.ts';
import type { ApiError } from '../api/result.ts';
import type { Generation } from '../api/types.ts';
import { useMainButton, useSecondaryButton } from '../components/bottom-bar.tsx';
import { Icon } from '../components/icon.tsx';
import { Notice } from '../components/notice.tsx';
import { Skeleton } from '../components/skeleton.tsx';
import { stateWords } from '../components/tile.tsx';
import { Trouble } from '../components/trouble.tsx';
import { moment, money, place } from '../formats.ts';
import { host } from '../host/host.ts';
import { go } from '../router.ts';
import { api, isGenerationOpen, keepGeneration, recentGenerations, shop } from '../state/shop.ts';
import { useFresh } from '../state/use-fresh.ts';
import { tabStore } from '../storage.ts';
import { hasText, t } from '../texts.ts';
import { draftFrom } from './generate/draft.ts';
import { ResultPictures } from './generation/result-pictures.tsx';

/** One order of pictures: how far it is, and what came of it. */
export function GenerationScreen({ id }: { readonly id: string }) {
  const generation = recentGenerations.value.find((one) => one.id === id);
  const isOpen = generation === undefined || isGenerationOpen(generation.status);
  const { error, read } = useFresh('generation', id, isOpen);
  const [wasOpen, setWasOpen] = useState(false);
  useEffect(() => {
    if (generation === undefined) return;
    if (isOpen) setWasOpen(true);
    else if (wasOpen) host.value?.haptic(generation.status === 'succeeded' ? 'success' : 'error');
  }, [isOpen, generation === undefined]);
  if (generation === undefined) {
    if (error !== null) return <Trouble error={error} onRetry={read} />;
    return (
      <main class="screen" aria-busy="true">
        <Skeleton look="card" />
        <Skeleton look="cell" count={2} />
      </main>
    );
  }
  if (isOpen || generation.status === 'needs_attention') return <Progress generation={generation} />;
  if (generation.resultUrls.length > 0) return <Result generation={generation} onExpired={read} />;
  return <Ended generation={generation} />;
}

function wishOf({
  id,
  modelId,
  prompt,
}: Generation): Partial<GenerationWish> & Pick<GenerationWish, 'modelId' | 'prompt'> {
  return tabStore.get<GenerationWish>(`wish.${id}`) ?? { modelId, prompt };
}

/** The shape that was ordered, where this tab knows it. */
function shapeOf(generation: Generation): string {
  const ratio = String(wishOf(generation).options?.['ratio'] ?? '1:1');
  return /^\d+:\d+$/.test(ratio) ? ratio.replace(':', ' / ') : '1 / 1';
}

function againFrom(generation: Generation): void {
  draftFrom(wishOf(generation));
  go('/generate');
}

function Progress({ generation }: { readonly generation: Generation }) {
  const { id, status, progress, queuePosition, price, modelId } = generation;
  const [error, setError] = useState<ApiError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isCancelable = status === 'accepted' || status === 'reserved';
  const amount = money(price);
  const model = shop.value?.catalogue.models.find((one) => one.id === modelId)?.title ?? modelId;

  async function cancel(): Promise<void> {
    setBusy(true);
    const answer = await api().cancelGeneration(id);
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (answer.ok) keepGeneration(answer.value.generation);
  }
  useSecondaryButton(
    isCancelable ? { text: t('cancel-and-return', { amount }), isEnabled: true, isBusy, onPress: cancel } : null,
  );
  const isParked = status === 'needs_attention';
  return (
    <main class="screen">
      <h1 class="visually-hidden">{t('generation-title')}</h1>
      {error !== null && <Notice error={error} />}
      <div class={`frame${isParked ? ' frame-parked' : ''}`} style={{ aspectRatio: shapeOf(generation) }}>
        {isParked ? <Icon name="clock" size={40} /> : <span class="grain" />}
        {queuePosition !== null && (
          <p class="queue-place" role="status">
            {t('queue-place', { place: place(queuePosition) })}
          </p>
        )}
      </div>
      <div class="progress" role="status">
        <h2>{stateWords(status)}</h2>
        <p>{t(`state-${status}-text`, { amount, model })}</p>
        {!isParked && (
          <div
            class={`progress-line${progress === null ? ' progress-unknown' : ''}`}
            role="progressbar"
            aria-label={stateWords(status)}
            aria-valuemin={0}
            aria-valuemax={100}
            {...(progress === null ? {} : { 'aria-valuenow': progress })}
          >
            <span style={{ transform: `scaleX(${(progress ?? 0) / 100})` }} />
          </div>
        )}
        {progress !== null && <p class="number">{t('progress', { percent: progress })}</p>}
      </div>
      <Prompt generation={generation} />
    </main>
  );
}

function Result({ generation, onExpired }: { readonly generation: Generation; readonly onExpired: () => void }) {
  const { status, price, pictures, resultUrls, createdAt } = generation;
  const isPaid = status === 'succeeded';
  const isPart = isPaid && resultUrls.length < pictures;
  const charged = {
    ...price,
    amountMinor: String((BigInt(price.amountMinor) * BigInt(resultUrls.length)) / BigInt(pictures)),
  };
  useMainButton({ text: t('again'), isEnabled: true, isBusy: false, onPress: () => againFrom(generation) });
  return (
    <main class="screen screen-wide">
      <h1 class="visually-hidden">{t('generation-title')}</h1>
      <ResultPictures generation={generation} shape={shapeOf(generation)} onExpired={onExpired} />
      <div class="screen-part">
        <Prompt generation={generation} />
        <p class="receipt-line">
          <span>{isPaid ? t('charged', { amount: money(charged) }) : t('late-result')}</span>
          <span>{moment(createdAt)}</span>
        </p>
        {isPart && (
          <p class="section-note">{t('partly-delivered', { delivered: resultUrls.length, ordered: pictures })}</p>
        )}
      </div>
    </main>
  );
}

function Ended({ generation }: { readonly generation: Generation }) {
  const { status, failure, createdAt } = generation;
  const key = `generation-failure-${failure?.code ?? 'unknown'}`;
  const returned = failure?.returned;
  const isReturned = returned !== undefined && returned.amountMinor !== '0';
  useMainButton({
    text: t('change-and-retry'),
    isEnabled: true,
    isBusy: false,
    onPress: () => againFrom(generation),
  });
  return (
    <main class="screen">
      <div class={`ending ${isReturned || status === 'canceled' ? 'ending-wait' : 'ending-warn'}`}>
        <span class="ending-icon">
          <Icon name={isReturned ? 'return' : 'close'} size={32} />
        </span>
        <h1>{status === 'succeeded' ? t('pictures-gone') : stateWords(status)}</h1>
        {status !== 'succeeded' && <p>{t(hasText(key) ? key : 'generation-failure-unknown')}</p>}
        <span class="chip chip-ok">
          {isReturned && <Icon name="return" size={14} />}
          {isReturned ? t('returned', { amount: money(returned) }) : t('not-charged')}
        </span>
      </div>
      <Prompt generation={generation} />
      <p class="receipt-line">
        <span>{moment(createdAt)}</span>
      </p>
    </main>
  );
}

function Prompt({ generation: { prompt } }: { readonly generation: Generation }) {
  return (
    <details class="prompt">
      <summary>
        <span>{t('show-prompt')}</span>
        <span class="prompt-start">{prompt}</span>
      </summary>
      <p>{prompt}</p>
    </details>
  );
}
