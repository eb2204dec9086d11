import { followLink, payLink } from '../state/actions.ts';
import { actor, chat } from '../state/chat.ts';
import { ask, attempt, confirm, type BoxButton, showToast } from '../state/notices.ts';
import { type BottomButton, closeApp, dress, type OpenApp, showHaptic, wear } from '../state/phone.ts';
import { t } from '../texts.ts';
import { closeSafely } from './closing.ts';
import { keepContact, keepHandlers } from './keep.ts';
import type { EventData, Handlers, Post } from './protocol.ts';
import { wordsOf } from '../web-app/words.ts';

/** What a Mini App may ask of its frame, by the names of Telegram's web clients. */
export const handlers: Handlers = {
  web_app_ready: () => wear({ ready: true }),
  web_app_close: ({ app }) => attempt(() => closeSafely(app)),
  web_app_setup_main_button: ({ data }) => wear({ main: readButton(dress.value.main, data) }),
  web_app_setup_secondary_button: ({ data }) => wear({ secondary: readButton(dress.value.secondary, data) }),
  web_app_setup_back_button: ({ data }) => wear({ back: data['is_visible'] === true }),
  web_app_setup_settings_button: ({ data }) => wear({ settings: data['is_visible'] === true }),
  web_app_setup_closing_behavior: ({ data }) => wear({ confirmClosing: data['need_confirmation'] === true }),
  web_app_set_header_color: ({ data }) => wear({ header: headerColor(data) }),
  web_app_set_background_color: ({ data }) => wear({ background: readColor(data['color']) }),
  web_app_set_bottom_bar_color: ({ data }) => wear({ bottomBar: readColor(data['color']) }),
  web_app_trigger_haptic_feedback: ({ data }) =>
    showHaptic(wordsOf(data['impact_style'] ?? data['notification_type'], 'selection')),
  web_app_request_fullscreen: ({ post }) => setFullscreen(true, post),
  web_app_exit_fullscreen: ({ post }) => setFullscreen(false, post),
  web_app_open_link: ({ data }) => attempt(() => openLink(wordsOf(data['url']))),
  web_app_open_tg_link: ({ data }) => attempt(() => followLink(`https://t.me${wordsOf(data['path_full'])}`)),
  web_app_open_invoice: ({ data, post }) => {
    const slug = wordsOf(data['slug']);
    attempt(async () => post('invoice_closed', { slug, status: await payLink(slug) }));
  },
  web_app_open_popup: ({ data, post }) => attempt(() => openPopup(data, post)),
  web_app_data_send: ({ data, app }) => attempt(() => sendData(app, wordsOf(data['data']))),
  web_app_request_write_access: ({ post }) => attempt(() => requestWriting(post)),
  web_app_request_phone: ({ post }) => attempt(() => requestContact(post)),
  web_app_open_scan_qr_popup: ({ data, post }) => attempt(() => scan(wordsOf(data['text']), post)),
  web_app_read_text_from_clipboard: ({ data, post }) => attempt(() => readClipboard(data['req_id'], post)),
  web_app_switch_inline_query: () => closeApp(),
  web_app_send_prepared_message: ({ post }) => attempt(() => sharePrepared(post)),
  web_app_request_file_download: ({ data, post }) => attempt(() => download(data, post)),
  web_app_add_to_home_screen: ({ post }) => attempt(() => addToHome(post)),
  web_app_check_home_screen: ({ post }) => post('home_screen_checked', { status: 'missed' }),
  web_app_set_emoji_status: ({ post }) => post('emoji_status_failed', { error: 'UNSUPPORTED' }),
  web_app_request_emoji_status_access: ({ post }) => post('emoji_status_access_requested', { status: 'cancelled' }),
  ...keepHandlers,
};

function readButton(known: BottomButton, data: EventData): BottomButton {
  if (data['is_visible'] !== true) return { ...known, visible: false };
  return {
    visible: true,
    active: data['is_active'] !== false,
    progress: data['is_progress_visible'] === true,
    shine: data['has_shine_effect'] === true,
    text: wordsOf(data['text'], known.text),
    color: readColor(data['color']) ?? known.color,
    textColor: readColor(data['text_color']) ?? known.textColor,
    position: (['left', 'right', 'top', 'bottom'] as const).find((one) => one === data['position']) ?? known.position,
  };
}

/** A link right after a press opens by itself; at any other time a browser would not let it, and we ask. */
function openLink(address: string): Promise<void> {
  return followLink(address, { ask: !navigator.userActivation.isActive });
}

/** A key of the theme follows the theme; a colour stays. */
function headerColor(data: EventData): string | undefined {
  if (data['color_key'] === 'secondary_bg_color') return 'var(--app-secondary-bg)';
  if (data['color_key'] === 'bg_color') return 'var(--app-bg)';
  return readColor(data['color']);
}

/** Colours come from a stranger and end in a style: only plain hex is taken. */
function readColor(value: unknown): string | undefined {
  return typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value) ? value : undefined;
}

function setFullscreen(wanted: boolean, post: Post): void {
  if (dress.value.fullscreen === wanted) {
    post('fullscreen_failed', { error: wanted ? 'ALREADY_FULLSCREEN' : 'NOT_FULLSCREEN' });
    return;
  }
  wear({ fullscreen: wanted });
  post('fullscreen_changed', { is_fullscreen: wanted });
}

interface PopupButton {
  readonly id?: unknown;
  readonly type?: unknown;
  readonly text?: unknown;
}

async function openPopup(data: EventData, post: Post): Promise<void> {
  const given = Array.isArray(data['buttons']) ? (data['buttons'] as PopupButton[]) : [];
  const buttons = given.map(({ id, type, text }): BoxButton => ({
    id: wordsOf(id),
    text: type === 'ok' || type === 'close' || type === 'cancel' ? t(type) : wordsOf(text),
    kind: type === 'destructive' ? 'destructive' : 'default',
  }));
  const { buttonId } = await ask({
    title: wordsOf(data['title']) || undefined,
    text: wordsOf(data['message']),
    buttons,
  });
  post('popup_closed', buttonId === undefined ? {} : { button_id: buttonId });
}

/** Only a Mini App from the docked keyboard may send data to the bot, and it ends with that. */
async function sendData(app: OpenApp, data: string): Promise<void> {
  if (app.kind !== 'keyboard' || app.buttonText === undefined) return;
  closeApp();
  await actor().send({ webAppData: { buttonText: app.buttonText, data } });
}

async function requestWriting(post: Post): Promise<void> {
  const bot = chat.value?.bot.firstName ?? '';
  const allowed = await confirm(t('writeAsk', { bot }), t('allow'));
  if (allowed) await actor().allowWriting();
  post('write_access_requested', { status: allowed ? 'allowed' : 'cancelled' });
}

async function requestContact(post: Post): Promise<void> {
  const bot = chat.value?.bot.firstName ?? '';
  const sent = await confirm(t('contactAsk', { bot }), t('share'));
  if (sent) keepContact((await actor().shareContact()).response);
  post('phone_requested', { status: sent ? 'sent' : 'cancelled' });
}

async function scan(hint: string, post: Post): Promise<void> {
  const buttons: BoxButton[] = [{ id: 'ok', text: t('ok') }];
  const { buttonId, input } = await ask({ title: hint || t('qrTitle'), text: t('qrHint'), input: '', buttons });
  if (buttonId === 'ok' && input !== '') post('qr_text_received', { data: input });
  post('scan_qr_popup_closed');
}

async function readClipboard(reqId: unknown, post: Post): Promise<void> {
  const allowed = await confirm(t('clipboardAsk'), t('allow'));
  const text = allowed ? await navigator.clipboard.readText() : undefined;
  post('clipboard_text_received', { req_id: reqId, ...(text === undefined ? {} : { data: text }) });
}

async function sharePrepared(post: Post): Promise<void> {
  if (await confirm(t('shared'), t('share'))) post('prepared_message_sent');
  else post('prepared_message_failed', { error: 'USER_DECLINED' });
}

async function download(data: EventData, post: Post): Promise<void> {
  const name = wordsOf(data['file_name']);
  const allowed = await confirm(t('download', { name }), t('open'));
  post('file_download_requested', { status: allowed ? 'downloading' : 'cancelled' });
  if (allowed) window.open(wordsOf(data['url']), '_blank', 'noopener');
}

async function addToHome(post: Post): Promise<void> {
  if (await confirm(t('homeScreen'), t('add'))) {
    post('home_screen_added');
    showToast(t('ok'));
  } else post('home_screen_failed', { error: 'UNSUPPORTED' });
}
