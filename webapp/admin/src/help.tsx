import { Button } from '../../src/components/button.tsx';
import { t } from '../../src/texts.ts';
import { Dialog } from './dialog.tsx';

/** The keys, and what each role may do. */
export function Help({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={t('panel-help')} onClose={onClose}>
      <dl class="facts">
        <dt>
          <kbd>/</kbd>
        </dt>
        <dd>{t('panel-key-search')}</dd>
        <dt>
          <kbd>?</kbd>
        </dt>
        <dd>{t('panel-key-help')}</dd>
      </dl>
      <p>{t('panel-help-roles')}</p>
      <Button kind="tinted" onPress={onClose}>
        {t('panel-close')}
      </Button>
    </Dialog>
  );
}
