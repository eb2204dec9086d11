import { useRef, useState } from 'preact/hooks';
import type { Model } from '../../api/types.ts';
import { Icon } from '../../components/icon.tsx';
import { Section } from '../../components/list.tsx';
import { hasText, t } from '../../texts.ts';
import { draft, type Photo } from './draft.ts';
import { addPhoto, isWorthAnotherTry, removePhoto, sendAgain } from './upload.ts';

/** Places for photos, which fill with what was chosen and upload at once. */
export function Photos({ model }: { readonly model: Model }) {
  const input = useRef<HTMLInputElement>(null);
  const { photos } = draft.value;
  const isRequired = model.imagesMin > 0;
  return (
    <Section title={t(isRequired ? 'photos' : 'photos-optional')} note={t('photos-hint', { max: model.imagesMax })}>
      <div class="photos">
        {photos.map((photo, index) => (
          <PhotoSlot key={photo.id} photo={photo} number={index + 1} />
        ))}
        {photos.length < model.imagesMax && (
          <button type="button" class="photo-add" onClick={() => input.current?.click()}>
            <Icon name="plus" />
            <span class="visually-hidden">{t('photo-add')}</span>
          </button>
        )}
      </div>
      <PhotoTrouble photos={photos} />
      <input
        ref={input}
        class="visually-hidden"
        type="file"
        tabIndex={-1}
        aria-label={t('photo-add')}
        accept="image/png,image/jpeg,image/webp"
        multiple={model.imagesMax > 1}
        onChange={(event) => {
          const chosen = [...(event.currentTarget.files ?? [])].slice(0, model.imagesMax - photos.length);
          event.currentTarget.value = '';
          for (const file of chosen) void addPhoto(file);
        }}
      />
    </Section>
  );
}

function PhotoSlot({ photo, number }: { readonly photo: Photo; readonly number: number }) {
  const { state, preview, error } = photo;
  const [isUnseen, setUnseen] = useState(false);
  return (
    <span class={`photo photo-${state}`}>
      {isUnseen ? (
        <Icon name="picture" />
      ) : (
        <img src={preview} alt={t('photo-number', { number })} onError={() => setUnseen(true)} />
      )}
      {state === 'uploading' && <span class="photo-progress" role="status" aria-label={t('photo-uploading')} />}
      {error !== undefined && isWorthAnotherTry(error) && (
        <button
          type="button"
          class="photo-again"
          aria-label={t('photo-again', { number })}
          onClick={() => void sendAgain(photo.id)}
        >
          <Icon name="again" />
        </button>
      )}
      <button
        type="button"
        class="photo-remove"
        aria-label={t('photo-remove', { number })}
        onClick={() => removePhoto(photo)}
      >
        <Icon name="close" size={16} />
      </button>
    </span>
  );
}

/** What is wrong with the first photo that did not arrive; in any case no money has moved. */
function PhotoTrouble({ photos }: { readonly photos: readonly Photo[] }) {
  const error = photos.find((photo) => photo.error !== undefined)?.error;
  if (error === undefined) return null;
  const key = `photo-${error.code}`;
  const reason = isWorthAnotherTry(error) ? 'photo-broke-off' : hasText(key) ? key : 'photo-failed';
  return (
    <div class="notice" role="alert">
      <span class="badge badge-warn">
        <Icon name={error.code === 'offline' ? 'offline' : 'alert'} size={20} />
      </span>
      <div>
        <strong>{t(reason)}</strong>
        <p>{t('photo-nothing-charged')}</p>
      </div>
    </div>
  );
}
