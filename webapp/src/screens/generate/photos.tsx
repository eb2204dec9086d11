import { useRef } from 'preact/hooks';
import type { Model } from '../../api/types.ts';
import { Icon } from '../../components/icon.tsx';
import { Section } from '../../components/list.tsx';
import { toast } from '../../components/toast.tsx';
import { api } from '../../state/shop.ts';
import { t } from '../../texts.ts';
import { draft, type Photo } from './draft.ts';
import { downscale } from './downscale.ts';

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
  return (
    <span class={`photo photo-${photo.state}`}>
      <img src={photo.preview} alt={t('photo-number', { number })} />
      {photo.state === 'uploading' && <span class="photo-progress" role="status" aria-label={t('photo-uploading')} />}
      <button
        type="button"
        class="photo-remove"
        aria-label={t('photo-remove', { number })}
        onClick={() => {
          URL.revokeObjectURL(photo.preview);
          setPhotos((photos) => photos.filter(({ id }) => id !== photo.id));
        }}
      >
        <Icon name="close" size={16} />
      </button>
    </span>
  );
}

function setPhotos(change: (photos: readonly Photo[]) => readonly Photo[]): void {
  draft.value = { ...draft.value, photos: change(draft.value.photos) };
}

async function addPhoto(file: File): Promise<void> {
  const id = crypto.randomUUID();
  setPhotos((photos) => [...photos, { id, preview: URL.createObjectURL(file), state: 'uploading', image: undefined }]);
  const answer = await api().uploadImage(await downscale(file));
  if (answer.ok) {
    const { image } = answer.value;
    setPhotos((photos) => photos.map((photo) => (photo.id === id ? { ...photo, state: 'ready', image } : photo)));
    return;
  }
  setPhotos((photos) => photos.filter((photo) => photo.id !== id));
  toast(t('photo-failed'));
}
