import { money } from '../formats.ts';
import type { Message } from '../state/types.ts';
import { t } from '../texts.ts';

/** A message in one line, for the list of chats. */
export function summary(message: Message, bot: string): string {
  return serviceText(message, bot) ?? message.text ?? message.caption ?? kindOf(message);
}

function kindOf(message: Message): string {
  if (message.photo) return t('photo');
  if (message.video ?? message.animation) return t('video');
  if (message.document) return message.document.file_name ?? t('document');
  if (message.sticker) return [message.sticker.emoji, t('sticker')].filter(Boolean).join(' ');
  if (message.voice) return t('voice');
  if (message.audio) return message.audio.file_name ?? t('audio');
  if (message.contact) return t('contact');
  if (message.location) return t('location');
  if (message.invoice) return `${t('invoice')}: ${message.invoice.title}`;
  return '';
}

/** What happened, where the message is no one's words: shown as a pill. */
export function serviceText(message: Message, bot: string): string | undefined {
  const { successful_payment: paid, refunded_payment: refunded, web_app_data: data, gift } = message;
  if (paid) return t('paidPill', { amount: money(paid.currency, paid.total_amount), bot });
  if (refunded) return t('refundedPill', { amount: money(refunded.currency, refunded.total_amount), bot });
  if (gift) return t('giftPill', { bot, amount: money('XTR', gift.gift.star_count) });
  if (data) return t('webAppDataPill', { button: data.button_text });
  if (message.write_access_allowed) return t('writeAccessPill');
  return undefined;
}
