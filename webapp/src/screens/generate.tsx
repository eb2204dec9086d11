import { useEffect, useState } from 'preact/hooks';
import { codePointCount } from '../../../core/text.ts';
import { purchase } from '../api/purchase.ts';
import type { ApiError } from '../api/result.ts';
import type { Model, Money } from '../api/types.ts';
import { useMainButton } from '../components/bottom-bar.tsx';
import { TextArea } from '../components/input.tsx';
import { Section } from '../components/list.tsx';
import { Notice } from '../components/notice.tsx';
import { money } from '../formats.ts';
import { host } from '../host/host.ts';
import { go } from '../router.ts';
import { api, creditsAvailable, keepGeneration, shop } from '../state/shop.ts';
import { tabStore } from '../storage.ts';
import { t } from '../texts.ts';
import { draft, priceOf, useDraft } from './generate/draft.ts';
import { ModelCards } from './generate/model-cards.tsx';
import { Options } from './generate/options.tsx';
import { Photos } from './generate/photos.tsx';

const counterFrom = 800;

/** A model, words, photos, options; and one button that says what it costs. */
export function GenerateScreen() {
  const models = shop.value?.catalogue.models ?? [];
  const model = useDraft(models);
  if (model === undefined) return null;
  return <GenerateForm models={models} model={model} />;
}

function GenerateForm({ models, model }: { readonly models: readonly Model[]; readonly model: Model }) {
  const { prompt, photos, options } = draft.value;
  const [error, setError] = useState<ApiError | null>(null);
  const price = priceOf(model, options);
  const { isBusy, order } = useOrder(model, setError);
  const readyPhotos = photos.filter(({ image }) => image !== undefined);
  const isUploading = photos.some(({ state }) => state === 'uploading');
  const hasLostPhoto = photos.some(({ state }) => state === 'failed');
  const isTooLong = codePointCount(prompt) > model.promptCodePointsMax;
  const lacksPhoto = readyPhotos.length < model.imagesMin;
  const lacksWords = prompt.trim() === '';
  const missing = BigInt(price.amountMinor) - creditsAvailable.value;

  // A window that is closed by mistake must not take the words along.
  useEffect(() => {
    host.value?.setClosingConfirmation(!lacksWords);
    return () => host.value?.setClosingConfirmation(false);
  }, [lacksWords]);
  useMainButton(
    missing > 0n
      ? {
          text: t('top-up-to-create'),
          isEnabled: true,
          isBusy: false,
          onPress: () => go(`/topup?need=${price.amountMinor}`),
        }
      : {
          // An order without a photo that is on the screen would be another order.
          text: hasLostPhoto
            ? t('photo-lost')
            : isUploading
              ? t('photo-uploading')
              : lacksPhoto
                ? t('photo-needed')
                : lacksWords
                  ? t('prompt-needed')
                  : t('create-for', { price: money(price) }),
          isEnabled: !lacksPhoto && !lacksWords && !isTooLong && !isUploading && !hasLostPhoto,
          isBusy,
          onPress: order,
        },
  );
  return (
    <main class="screen">
      <h1>{t('generate-title')}</h1>
      {error !== null && <Notice error={error} isOrder />}
      <Section title={t('model')}>
        <ModelCards models={models} value={model.id} />
      </Section>
      <Section>
        <TextArea
          label={t(model.kind === 'image-to-image' ? 'prompt-edit' : 'prompt')}
          placeholder={t('prompt-placeholder')}
          value={prompt}
          onInput={(words) => (draft.value = { ...draft.value, prompt: words })}
          note={countNote(prompt, model)}
          isWrong={isTooLong}
        />
      </Section>
      {model.imagesMax > 0 && <Photos model={model} />}
      <Options model={model} />
      <Summary price={price} missing={missing} />
    </main>
  );
}

function countNote(prompt: string, { promptCodePointsMax: max }: Model): string | undefined {
  const count = codePointCount(prompt);
  if (count > max) return t('prompt-too-long', { over: count - max });
  return count >= counterFrom ? t('prompt-count', { count, max }) : undefined;
}

function Summary({ price, missing }: { readonly price: Money; readonly missing: bigint }) {
  const left = { amountMinor: String(-missing), asset: price.asset };
  const short = { amountMinor: String(missing), asset: price.asset };
  return (
    <div class="summary" aria-live="polite">
      <span>
        <span class="label">{t('price')}</span>
        <strong>{money(price)}</strong>
      </span>
      <span class="summary-right">
        {missing > 0n ? (
          <strong class="danger">{t('short-by', { amount: money(short) })}</strong>
        ) : (
          <>
            <span class="label">{t('balance-after')}</span>
            <strong>{money(left)}</strong>
          </>
        )}
      </span>
    </div>
  );
}

/** Placing the order once, however often it is pressed. */
function useOrder(model: Model, onError: (error: ApiError | null) => void) {
  const [isBusy, setBusy] = useState(false);
  async function order(): Promise<void> {
    if (isBusy) return;
    setBusy(true);
    onError(null);
    const { prompt, photos, options } = draft.value;
    const imageIds = photos.flatMap(({ image }) => image?.id ?? []);
    const wish = { modelId: model.id, prompt, imageIds, options };
    const answer = await purchase('generation', wish, api().placeGeneration);
    setBusy(false);
    if (!answer.ok) {
      host.value?.haptic('error');
      onError(answer.error);
      scrollTo({ top: 0 });
      return;
    }
    host.value?.haptic('light');
    const { generation } = answer.value;
    keepGeneration(generation);
    tabStore.set(`wish.${generation.id}`, wish);
    go(`/generation/${generation.id}`, { replace: true });
  }
  return { isBusy, order };
}
