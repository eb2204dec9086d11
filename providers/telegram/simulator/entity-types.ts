import type { MessageEntity } from '@grammyjs/types';

/** A text with its entities; offsets and lengths are in UTF-16 code units. */
export interface FormattedText {
  readonly text: string;
  readonly entities: MessageEntity[];
}

/** What an entity says beside where it stands. */
export type EntityFields = { readonly type: MessageEntity['type'] } & Readonly<Record<string, unknown>>;
