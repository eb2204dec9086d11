import type { Document, Message, Update } from '@grammyjs/types';
import { storable } from '../core/text.ts';
import { readTap, type Tap } from './callback-data.ts';

/** A photo, or a picture that was sent as a file. */
export interface IncomingPhoto {
  readonly fileId: string;
  readonly bytes: number | undefined;
  readonly caption: string;
  readonly album: string | undefined;
}

/** What a person did, in the few kinds that the bot tells apart. */
export type Incoming =
  | { readonly kind: 'command'; readonly command: string; readonly argument: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'photo'; readonly photo: IncomingPhoto }
  | { readonly kind: 'tap'; readonly tap: Tap | undefined; readonly messageId: number | undefined }
  /** What Telegram itself writes into a chat: payments, pins. Nobody waits for an answer to it. */
  | { readonly kind: 'service' }
  /** Stickers, voices, contacts: nothing that we have a use for. */
  | { readonly kind: 'other' };

/** Sent as a file, so that it is not compressed. Whether it is a picture that we can work on shows later. */
function looksLikePicture({ mime_type: mime = '', file_name: name = '' }: Document): boolean {
  return mime.startsWith('image/') || /\.(png|jpe?g|webp|heic|gif)$/i.test(name);
}

/** Reads an update; undefined for one that no person in a private chat has made. */
export function readIncoming(update: Update, username: string): Incoming | undefined {
  const query = update.callback_query;
  if (query !== undefined) {
    return { kind: 'tap', tap: readTap(query.data ?? ''), messageId: query.message?.message_id };
  }
  return update.message === undefined ? undefined : readMessage(update.message, username);
}

function readMessage(message: Message, username: string): Incoming {
  if (message.successful_payment !== undefined || message.refunded_payment !== undefined) return { kind: 'service' };
  if (message.pinned_message !== undefined || message.write_access_allowed !== undefined) return { kind: 'service' };
  if (message.text !== undefined) return readText(storable(message.text), username);
  const photo = message.photo?.at(-1);
  const rest = { caption: storable(message.caption ?? ''), album: message.media_group_id };
  if (photo !== undefined) {
    return { kind: 'photo', photo: { fileId: photo.file_id, bytes: photo.file_size, ...rest } };
  }
  const file = message.document;
  if (file !== undefined && looksLikePicture(file)) {
    return { kind: 'photo', photo: { fileId: file.file_id, bytes: file.file_size, ...rest } };
  }
  return { kind: 'other' };
}

/** Commands that a link may lead to (`?start=help`), as those in the Mini App's profile do. */
const linkedCommands: ReadonlySet<string> = new Set(['help', 'terms', 'support', 'paysupport']);

function readText(text: string, username: string): Incoming {
  const found = /^\/(\w{1,32})(?:@(\w+))?(?:\s+([\s\S]*))?$/.exec(text);
  const [, command = '', addressee, argument = ''] = found ?? [];
  const isOurs = addressee === undefined || addressee.toLowerCase() === username.toLowerCase();
  if (found === null || !isOurs) return { kind: 'text', text };
  const named = { command: command.toLowerCase(), argument: argument.trim() };
  if (named.command === 'start' && linkedCommands.has(named.argument)) {
    return { kind: 'command', command: named.argument, argument: '' };
  }
  return { kind: 'command', ...named };
}
