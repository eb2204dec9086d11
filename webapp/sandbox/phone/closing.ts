import { confirm } from '../state/notices.ts';
import { app, closeApp, dress, type OpenApp } from '../state/phone.ts';
import { t } from '../texts.ts';

/** Closes the Mini App; asks first where it has said that something would be lost. */
export async function closeSafely(open: OpenApp): Promise<void> {
  if (dress.value.confirmClosing && !(await confirm(t('closeSure'), t('closeAnyway')))) return;
  if (app.value?.id === open.id) closeApp();
}
