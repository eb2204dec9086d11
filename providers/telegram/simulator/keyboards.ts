import type { InlineKeyboardMarkup, ReplyKeyboardMarkup } from '@grammyjs/types';
import { badRequest } from './errors.ts';
import type { Parameters } from './parameters.ts';

/** What a call says about keyboards. */
export type Markup =
  | { readonly kind: 'none' }
  | { readonly kind: 'inline'; readonly keyboard: InlineKeyboardMarkup }
  | { readonly kind: 'reply'; readonly keyboard: ReplyKeyboardMarkup }
  | { readonly kind: 'remove' }
  | { readonly kind: 'force'; readonly fields: Record<string, unknown> };

type Row = Record<string, unknown>;

const callbackBytesMax = 64;
const inlineButtonsMax = 100;
/** What makes an inline button do something; exactly one of them. */
const inlineActions = [
  'url',
  'callback_data',
  'web_app',
  'login_url',
  'switch_inline_query',
  'switch_inline_query_current_chat',
  'switch_inline_query_chosen_chat',
  'copy_text',
  'callback_game',
  'pay',
] as const;

/** Reads `reply_markup` and checks every button as Telegram does. */
export function readMarkup(parameters: Parameters): Markup {
  const given = parameters.json('reply_markup', 'reply keyboard markup');
  if (given === undefined) return { kind: 'none' };
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw badRequest('object expected as reply markup');
  }
  const markup = given as Row;
  if (markup['inline_keyboard'] !== undefined) {
    const rows = readRows(markup['inline_keyboard'], 'inline keyboard');
    const keyboard = rows.map((row) => row.map(readInlineButton)).filter((row) => row.length > 0);
    if (keyboard.flat().length > inlineButtonsMax) throw badRequest('REPLY_MARKUP_TOO_LONG');
    if (keyboard.length === 0) return { kind: 'none' };
    return { kind: 'inline', keyboard: { inline_keyboard: keyboard } as unknown as InlineKeyboardMarkup };
  }
  if (markup['keyboard'] !== undefined) {
    const keyboard = readRows(markup['keyboard'], 'keyboard').map((row) => row.map(readReplyButton));
    return { kind: 'reply', keyboard: { ...markup, keyboard } as unknown as ReplyKeyboardMarkup };
  }
  if (markup['remove_keyboard'] === true) return { kind: 'remove' };
  if (markup['force_reply'] === true) return { kind: 'force', fields: markup };
  return { kind: 'none' };
}

/** The like for the edits, where only an inline keyboard may stand. */
export function readInlineMarkup(parameters: Parameters): InlineKeyboardMarkup | undefined {
  const markup = readMarkup(parameters);
  if (markup.kind === 'none') return undefined;
  if (markup.kind !== 'inline') throw badRequest('inline keyboard expected');
  return markup.keyboard;
}

function readRows(given: unknown, what: string): unknown[][] {
  if (!Array.isArray(given)) throw badRequest(`field "${what.replace(' ', '_')}" of the ReplyMarkup must be an Array`);
  return given.map((row): unknown[] => {
    if (!Array.isArray(row)) throw badRequest(`can't parse ${what} button: Field "${what}" must be an Array of Arrays`);
    return row;
  });
}

function readInlineButton(given: unknown): Row {
  const button = asButton(given, 'InlineKeyboardButton', "can't parse inline keyboard button");
  const text = textOf(button, "can't parse inline keyboard button");
  const action = inlineActions.find((name) => button[name] !== undefined);
  if (action === undefined) {
    throw badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
  }
  checkAction(button, action);
  return { ...button, text, ...(action === 'pay' ? { pay: true } : {}) };
}

function checkAction(button: Row, action: (typeof inlineActions)[number]): void {
  const value = button[action];
  if (action === 'callback_data') {
    const bytes = typeof value === 'string' ? Buffer.byteLength(value) : 0;
    if (bytes < 1 || bytes > callbackBytesMax) throw badRequest('BUTTON_DATA_INVALID');
  } else if (action === 'url') {
    if (typeof value !== 'string' || !isLink(value)) {
      const shown = typeof value === 'string' ? value : '';
      throw badRequest(`inline keyboard button URL '${shown}' is invalid: Wrong HTTP URL`);
    }
  } else if (action === 'web_app') {
    checkWebApp(value);
  } else if (action === 'copy_text') {
    const text = (value as Row | null)?.['text'];
    if (typeof text !== 'string' || text.length < 1 || text.length > 256) throw badRequest('BUTTON_COPY_TEXT_INVALID');
  }
}

/** A Mini App is opened over https; on this machine plain HTTP will do, so that none needs a certificate to try. */
export function checkWebApp(given: unknown): void {
  const url = (given as Row | null)?.['url'];
  const address = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
  const local = address !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(address.hostname);
  if (address?.protocol === 'https:' || (address?.protocol === 'http:' && local)) return;
  const shown = typeof url === 'string' ? url : '';
  const why = address === undefined ? 'Wrong HTTP URL' : 'Only HTTPS links are allowed';
  throw badRequest(`inline keyboard button Web App URL '${shown}' is invalid: ${why}`);
}

function isLink(url: string): boolean {
  if (/^tg:\/\//i.test(url)) return true;
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `http://${url}`;
  return URL.canParse(address) && /^https?:/i.test(address) && new URL(address).hostname.includes('.');
}

function readReplyButton(given: unknown): Row {
  if (typeof given === 'string') return { text: given };
  const button = asButton(given, 'KeyboardButton', "can't parse keyboard button");
  const text = textOf(button, "can't parse keyboard button");
  if (button['web_app'] !== undefined) checkWebApp(button['web_app']);
  return { ...button, text };
}

function asButton(given: unknown, type: string, prefix: string): Row {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw badRequest(`${prefix}: ${type} must be an Object`);
  }
  return given as Row;
}

function textOf(button: Row, prefix: string): string {
  const text = button['text'];
  if (text === undefined) throw badRequest(`${prefix}: Can't find field "text"`);
  if (typeof text !== 'string' && typeof text !== 'number')
    throw badRequest(`${prefix}: Field "text" must be of type String`);
  if (String(text) === '') throw badRequest(`${prefix}: Button text must be non-empty`);
  return String(text);
}
