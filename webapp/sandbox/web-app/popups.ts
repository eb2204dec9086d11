import { type Core, fail } from './core.ts';

const buttonsMax = 3;
const ownTexts = ['ok', 'close', 'cancel'];

interface PopupButton {
  id?: string;
  type?: string;
  text?: string;
}

interface PopupParams {
  title?: string;
  message: string;
  buttons?: PopupButton[];
}

/** Popups in the host's own dress. One at a time; what the host refuses is refused here, before it is asked. */
export function createPopups(core: Core) {
  let open: { readonly callback?: ((buttonId: string | null) => void) | undefined } | undefined;
  core.bridge.on('popup_closed', (data) => {
    const { callback } = open ?? {};
    if (open === undefined) return;
    open = undefined;
    const buttonId = typeof data['button_id'] === 'string' ? data['button_id'] : null;
    callback?.(buttonId);
    core.events.emit('popupClosed', { button_id: buttonId });
  });
  const showPopup = (params: PopupParams, callback?: (buttonId: string | null) => void): void => {
    core.need('showPopup', '6.2');
    if (open !== undefined) fail('WebAppPopupOpened', 'Popup is already opened');
    const popup = readPopup(params);
    open = { callback };
    core.bridge.post('web_app_open_popup', popup);
  };
  return {
    showPopup,
    showAlert: (message: string, callback?: () => void) => showPopup({ message }, () => callback?.()),
    showConfirm: (message: string, callback?: (ok: boolean) => void) =>
      showPopup({ message, buttons: [{ type: 'ok', id: 'ok' }, { type: 'cancel' }] }, (id) => callback?.(id === 'ok')),
  };
}

function readPopup(params: PopupParams) {
  const title = (params.title ?? '').trim();
  const message = params.message.trim();
  const buttons = params.buttons ?? [{ type: 'close' }];
  if (title.length > 64) refuse(`title is too long: ${title}`);
  if (message === '') refuse('message is required');
  if (message.length > 256) refuse(`message is too long: ${message}`);
  if (!Array.isArray(buttons) || buttons.length === 0) refuse('requires at least one button');
  if (buttons.length > buttonsMax) refuse('has too many buttons');
  return { title, message, buttons: buttons.map(readButton) };
}

function readButton(button: PopupButton) {
  const id = button.id ?? '';
  const type = button.type ?? 'default';
  if (id.length > 64) refuse(`button id is too long: ${id}`);
  if (ownTexts.includes(type)) return { id, type };
  if (type !== 'default' && type !== 'destructive') refuse(`button type is invalid: ${type}`);
  const text = (button.text ?? '').trim();
  if (text === '') refuse('button text is required');
  if (text.length > 64) refuse(`button text is too long: ${text}`);
  return { id, type, text };
}

function refuse(why: string): never {
  return fail('WebAppPopupParamInvalid', `Popup ${why}`);
}
