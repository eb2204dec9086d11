import type { InlineKeyboardButton } from '@grammyjs/types';
import { type TapArguments, tapData, type TapName } from './callback-data.ts';

export type Keyboard = readonly (readonly InlineKeyboardButton[])[];

/** A button that opens a screen or does something. */
export function button<Name extends TapName>(
  text: string,
  name: Name,
  ...parts: TapArguments<Name>
): InlineKeyboardButton {
  return { text, callback_data: tapData(name, ...parts) };
}

/** A button that leads to a page. */
export function link(text: string, url: string): InlineKeyboardButton {
  return { text, url };
}

/** A button that opens the Mini App inside the chat. */
export function appButton(text: string, url: string): InlineKeyboardButton {
  return { text, web_app: { url } };
}

/** Buttons in rows of so many. */
export function rows(buttons: readonly InlineKeyboardButton[], perRow: number): InlineKeyboardButton[][] {
  const count = Math.ceil(buttons.length / perRow);
  return Array.from({ length: count }, (_, index) => buttons.slice(index * perRow, (index + 1) * perRow));
}

/** The keyboard as a call carries it; an empty one takes the old away. */
export function markup(keyboard: Keyboard = []): { inline_keyboard: InlineKeyboardButton[][] } {
  return { inline_keyboard: keyboard.map((row) => [...row]) };
}
