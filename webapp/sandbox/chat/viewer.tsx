import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { Icon } from '../parts/icons.tsx';
import { useModal } from '../parts/use-modal.ts';
import { t } from '../texts.ts';

/** The picture that is looked at in full. */
export const viewed = signal<string | undefined>(undefined);

export function Viewer(): JSX.Element | null {
  return viewed.value === undefined ? null : <Opened address={viewed.value} />;
}

function Opened({ address }: { address: string }): JSX.Element {
  const dialog = useModal();
  const close = (): void => {
    viewed.value = undefined;
  };
  return (
    <dialog ref={dialog} class="viewer" aria-label={t('photo')} onCancel={close} onClick={close}>
      <img src={address} alt={t('photo')} />
      <button type="button" class="viewer-close" aria-label={t('close')} onClick={close}>
        <Icon name="close" />
      </button>
    </dialog>
  );
}
