import type { ApiMethods, Opts } from '@grammyjs/types';

/** A file to upload; it may stand anywhere in a payload where the Bot API takes an `InputFile`. */
export interface TelegramFile {
  readonly fileName: string;
  readonly mime: string;
  readonly bytes: Uint8Array;
}

/** The methods of the Bot API, as its newest version types them; the library that we run knows an older one. */
type Methods = ApiMethods<TelegramFile>;

export type MethodName = keyof Methods;

/** What a method takes. */
export type MethodPayload<M extends MethodName> = Opts<TelegramFile>[M];

/** What a method answers. */
export type MethodResult<M extends MethodName> = ReturnType<Methods[M]>;
