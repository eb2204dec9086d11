import type { JSX } from 'preact';
import { clock } from '../formats.ts';
import { OrderLinks } from '../orders/links.tsx';
import { Amount } from '../parts/amount.tsx';
import { Avatar } from '../parts/avatar.tsx';
import { Icon, Tail, Ticks } from '../parts/icons.tsx';
import { payMessage } from '../state/actions.ts';
import { attempt } from '../state/notices.ts';
import type { Message } from '../state/types.ts';
import { t } from '../texts.ts';
import { InlineKeyboard } from './inline-keyboard.tsx';
import { Album, Media } from './media.tsx';
import { RichText } from './rich-text.tsx';
import { summary } from './summary.ts';

interface Props {
  /** One message, or those of an album. */
  readonly messages: readonly [Message, ...Message[]];
  readonly own: boolean;
  /** Whether the next bubble is somebody else's: only the last one has a tail. */
  readonly last: boolean;
}

export function Bubble({ messages, own, last }: Props): JSX.Element {
  const [message] = messages;
  const captioned = messages.find(({ caption }) => caption !== undefined) ?? message;
  const text = message.text ?? captioned.caption;
  const hasMedia = Boolean(message.photo ?? message.video ?? message.animation);
  const names = ['bubble-row', own ? 'own' : '', last ? 'last' : ''];
  const kind = [
    hasMedia ? 'with-media' : '',
    text === undefined ? 'wordless' : '',
    isBare(message) ? 'bare' : '',
    isJumbo(message) ? 'jumbo' : '',
  ];
  const media = messages.length > 1 ? <Album messages={messages} /> : <Media message={message} />;
  const above = captioned.show_caption_above_media === true;
  return (
    <div class={names.join(' ')} data-message={message.message_id}>
      <div class="bubble-column">
        <div class={`bubble ${kind.join(' ')}`}>
          {message.reply_to_message && <Quoted message={message.reply_to_message} />}
          {!above && media}
          {message.invoice && <InvoiceCard message={message} />}
          {message.contact && <ContactCard message={message} />}
          {message.location && <LocationCard message={message} />}
          {text !== undefined && (
            <div class="words" dir="auto">
              <RichText text={text} entities={message.entities ?? captioned.caption_entities} />
              <Meta message={message} own={own} />
            </div>
          )}
          {above && media}
          {text === undefined && <Meta message={message} own={own} />}
          {last && <Tail own={own} />}
        </div>
        {messages.length === 1 && <InlineKeyboard message={message} />}
      </div>
      <OrderLinks message={message} />
    </div>
  );
}

/** What stands on the wallpaper itself. */
function isBare(message: Message): boolean {
  return message.sticker !== undefined || isJumbo(message);
}

/** Up to three emoji alone are shown large. */
function isJumbo({ text }: Message): boolean {
  return text !== undefined && /^(?:\p{Extended_Pictographic}\uFE0F?){1,3}$/u.test(text);
}

function Meta({ message, own }: { message: Message; own: boolean }): JSX.Element {
  return (
    <span class="meta">
      {message.edit_date !== undefined && own && `${t('edited')} `}
      <time dateTime={new Date(message.date * 1_000).toISOString()}>{clock(message.date)}</time>
      {own && <Ticks />}
    </span>
  );
}

function Quoted({ message }: { message: Message }): JSX.Element {
  return (
    <div class="quoted">
      <strong>{message.from?.first_name}</strong>
      <span>{summary(message, message.from?.first_name ?? '')}</span>
    </div>
  );
}

function InvoiceCard({ message }: { message: Message }): JSX.Element | null {
  const { invoice } = message;
  if (invoice === undefined) return null;
  const amount = <Amount currency={invoice.currency} minor={invoice.total_amount} />;
  const paid = message._sim?.paid === true;
  const hasButton = message.reply_markup?.inline_keyboard?.flat().some(({ pay }) => pay) === true;
  return (
    <div class="invoice">
      <span class="invoice-amount">{amount}</span>
      <strong>{invoice.title}</strong>
      <p>{invoice.description}</p>
      {!hasButton && (
        <button type="button" class="filled" disabled={paid} onClick={() => attempt(() => payMessage(message))}>
          {paid ? t('receipt') : t('payWord')} {!paid && amount}
        </button>
      )}
    </div>
  );
}

function ContactCard({ message }: { message: Message }): JSX.Element | null {
  const { contact } = message;
  if (contact === undefined) return null;
  const name = [contact.first_name, contact.last_name].filter(Boolean).join(' ');
  return (
    <div class="contact">
      <Avatar id={message.from?.id ?? 0} name={name} />
      <span>
        <strong>{name}</strong>
        <small>{contact.phone_number}</small>
      </span>
    </div>
  );
}

function LocationCard({ message }: { message: Message }): JSX.Element | null {
  const { location } = message;
  if (location === undefined) return null;
  return (
    <p class="location">
      <Icon name="location" size={20} />
      {location.latitude.toFixed(4)}, {location.longitude.toFixed(4)}
    </p>
  );
}
