/** What a bottom button of the host shows. */
export interface BottomButton {
  readonly text: string;
  readonly isEnabled: boolean;
  readonly isBusy: boolean;
  /** A press that comes before the promise of the one before has ended is not heard: it is the same finger. */
  readonly onPress: () => Promise<void> | void;
}

/** What is asked before an act, with both answers in words: "Cancel" alone would be unclear under "Cancel this?". */
export interface Question {
  readonly text: string;
  readonly yes: string;
  readonly no: string;
}

export type HapticKind = 'select' | 'light' | 'success' | 'warning' | 'error';
export type InvoiceStatus = 'paid' | 'cancelled' | 'failed' | 'pending';

/** The colours that Telegram gives, by its own names (`bg_color`, `button_color`, ...). */
export type ThemeParams = Readonly<Record<string, string | undefined>>;

/**
 * All that the app asks of the program around it. The only code that touches `window.Telegram` is the implementation
 * for Telegram; the other plays it in an ordinary browser, in development alone.
 */
export interface TelegramHost {
  readonly kind: 'telegram' | 'mock';
  /** Signed by Telegram; exchanged once for tokens. */
  readonly initData: string;
  readonly startParam: string | null;
  /** The language of the person's Telegram, such as `ru` or `pt-br`. */
  readonly languageCode: string | undefined;
  /** Whether the host draws the buttons at the bottom and in the header; else we draw our own. */
  readonly hasOwnButtons: boolean;
  /** The page can be seen. */
  ready(): void;
  onTheme(listener: (params: ThemeParams) => void): void;
  setMainButton(button: BottomButton | null): void;
  setSecondaryButton(button: BottomButton | null): void;
  setBackButton(onPress: (() => void) | null): void;
  haptic(kind: HapticKind): void;
  openLink(url: string): void;
  openTelegramLink(url: string): void;
  openInvoice(url: string): Promise<InvoiceStatus>;
  confirm(question: Question): Promise<boolean>;
  /** False when the host cannot, and the page has to do it. */
  downloadFile(url: string, name: string): boolean;
  setClosingConfirmation(isOn: boolean): void;
  setColors(background: string): void;
}
