import { signal } from '@preact/signals';
import { t } from '../texts.ts';
import { actor, chat, loadPeople, person } from './chat.ts';
import { messagesOf } from './long-text.ts';
import { attempt, confirm, showFailure, showToast, tell } from './notices.ts';
import { openSheet } from './payment.ts';
import { openApp } from './phone.ts';
import { pane } from './settings.ts';
import { invoiceLinkOf, type OutgoingMessage, readInvoice } from './simulator.ts';
import type { InlineButton, Message, PayStatus, ReplyButton } from './types.ts';

/** The button that waits for the bot's answer. */
export const pressed = signal<string | undefined>(undefined);

/** What the input starts with next, as `switch_inline_query_current_chat` asks. */
export const draft = signal('');

export async function sendText(text: string): Promise<void> {
  for (const message of messagesOf(text)) await actor().send({ text: message });
}

export async function sendCommand(command: string): Promise<void> {
  if (command === '/start') await actor().start();
  else await sendText(command);
}

export function startBot(payload?: string): Promise<unknown> {
  return actor().start(payload);
}

export async function setBlocked(blocked: boolean): Promise<void> {
  await (blocked ? actor().block() : actor().unblock());
}

export async function setLanguage(language: string): Promise<void> {
  await actor().setLanguage(language);
  await loadPeople();
}

export async function sendContact(): Promise<void> {
  const bot = chat.value?.bot.firstName ?? '';
  if (await confirm(t('contactAsk', { bot }), t('share'))) {
    await actor().send({ contact: { phone_number: phoneOf(person.value?.telegramId ?? 0) } });
  }
}

/** A number of the range that is kept for films: nobody has it. */
function phoneOf(telegramId: number): string {
  return `+7900555${String(telegramId % 10_000).padStart(4, '0')}`;
}

export function sendLocation(): Promise<unknown> {
  return actor().send({ location: { latitude: 55.7558, longitude: 37.6173 } });
}

const photoSideMax = 1_280;

/** A picture goes out as Telegram's apps send it: a JPEG of at most 1280 px. */
export async function sendPhoto(file: Blob, text: string): Promise<void> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, photoSideMax / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const photoBase64 = canvas.toDataURL('image/jpeg', 0.87).replace(/^data:[^,]*,/, '');
  const message: OutgoingMessage = text === '' ? { photoBase64 } : { photoBase64, caption: text };
  await actor().send(message);
}

/** Presses a button of the docked keyboard. */
export async function pressReply(button: ReplyButton): Promise<void> {
  if (button.request_contact) return sendContact();
  if (button.request_location) return void (await sendLocation());
  if (button.web_app) return openApp({ kind: 'keyboard', url: button.web_app.url, buttonText: button.text });
  await sendText(button.text);
}

/** Presses a button under a message. */
export async function pressInline(message: Message, button: InlineButton): Promise<void> {
  const current = button.switch_inline_query_current_chat ?? button.switch_inline_query;
  if (button.callback_data !== undefined) return pressCallback(message, button.callback_data, button.text);
  if (button.web_app !== undefined) return openApp({ kind: 'button', url: button.web_app.url });
  if (button.url !== undefined) return followLink(button.url);
  if (button.copy_text !== undefined) return copy(button.copy_text.text);
  if (button.pay === true) return void (await payMessage(message));
  if (current !== undefined) draft.value = `@${chat.value?.bot.username ?? ''} ${current}`;
}

async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  showToast(t('copied', { text }));
}

async function pressCallback(message: Message, data: string, text: string): Promise<void> {
  const key = `${message.message_id}:${data}:${text}`;
  if (pressed.value === key) return;
  pressed.value = key;
  try {
    const answer = await actor().press(message.message_id, data);
    if (!answer.answered) showToast(t('notAnswered'));
    else if (answer.text && answer.showAlert) await tell(answer.text, chat.value?.bot.firstName);
    else if (answer.text) showToast(answer.text);
    if (answer.url) await followLink(answer.url);
  } finally {
    if (pressed.value === key) pressed.value = undefined;
  }
}

export async function payMessage(message: Message): Promise<PayStatus> {
  if (message.invoice === undefined) return 'failed';
  return openSheet(message.invoice, { messageId: message.message_id });
}

/** Pays what a link of the form `t.me/$slug` stands for. */
export async function payLink(slug: string): Promise<PayStatus> {
  const invoiceLink = invoiceLinkOf(slug);
  try {
    return await openSheet(await readInvoice(invoiceLink), { invoiceLink });
  } catch (error) {
    showFailure(error);
    return 'failed';
  }
}

/** Goes where a link leads: Telegram's own stay inside, others open beside the sandbox. */
export async function followLink(address: string, { ask = false }: { ask?: boolean } = {}): Promise<void> {
  const url = URL.parse(address);
  if (url?.protocol === 'tg:') return followTelegram(telegramOfScheme(url));
  if (url?.hostname === 't.me') return followTelegram(url);
  if (url === null || !/^https?:$/.test(url.protocol)) return showToast(t('failedToDo', { why: address }));
  if (ask && !(await confirm(`${t('openLinkAsk')}\n${url.href}`, t('open')))) return;
  window.open(url.href, '_blank', 'noopener');
}

function telegramOfScheme(url: URL): URL {
  const inside = new URL(`https://t.me/${url.searchParams.get('domain') ?? ''}`);
  for (const name of ['start', 'startapp']) {
    const value = url.searchParams.get(name);
    if (value !== null) inside.searchParams.set(name, value);
  }
  return inside;
}

async function followTelegram(url: URL): Promise<void> {
  const slug = /^\/(?:\$|invoice\/)([\w\-=]+)$/.exec(url.pathname)?.[1];
  if (slug !== undefined) return void (await payLink(slug));
  const bot = chat.value?.bot;
  const [name = '', app] = url.pathname.slice(1).split('/');
  if (bot === undefined || name.toLowerCase() !== bot.username.toLowerCase()) {
    window.open(url.href, '_blank', 'noopener');
    return;
  }
  const startParam = url.searchParams.get('startapp');
  const menuUrl = bot.menuButton.type === 'web_app' ? bot.menuButton.web_app.url : undefined;
  if ((startParam !== null || app !== undefined) && menuUrl !== undefined) {
    return openApp({ kind: 'link', url: menuUrl, ...(startParam ? { startParam } : {}) });
  }
  pane.value = 'chat';
  const payload = url.searchParams.get('start');
  if (payload !== null) await startBot(payload);
}

/** The payload of a link that led to this page is sent once, when its chat stands. */
export function startFromAddress(payload: string): void {
  const url = new URL(location.href);
  url.searchParams.delete('start');
  history.replaceState(null, '', url);
  if (person.value !== undefined) attempt(() => startBot(payload));
}
