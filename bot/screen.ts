import type { Keyboard } from './keyboards.ts';
import type { Scene } from './scene.ts';

/** What a person sees in the living message of the chat, and where that leaves them. */
export interface Screen {
  readonly html: string;
  readonly keyboard: Keyboard;
  /** What the next text or photo means; nothing in particular where it is absent. */
  readonly scene?: Scene;
  /** Shown as a photo with the text below it. */
  readonly picture?: ScreenPicture;
}

export interface ScreenPicture {
  readonly bytes: Uint8Array;
  readonly mime: string;
  readonly fileName: string;
}
