import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../parts/icons.tsx';
import { t } from '../texts.ts';

/** The picture that is looked at in full. */
export const viewed = signal<string | undefined>(undefined);

export function Viewer(): JSX.Element | null {
  const dialog = useRef<HTMLDialogElement>(null);
  const address = viewed.value;
  useEffect(() => {
    if (address !== undefined) dialog.current?.showModal();
  }, [address]);
  if (address === undefined) return null;
  const close = (): void => {
    viewed.value = undefined;
  };
  return (
    <dialog ref={dialog} class="viewer" aria-label={t('photo')} onClose={close} onClick={close}>
      <img src={address} alt={t('photo')} />
      <button type="button" class="viewer-close" aria-label={t('close')} onClick={close}>
        <Icon name="close" />
      </button>
    </dialog>
  );
}
