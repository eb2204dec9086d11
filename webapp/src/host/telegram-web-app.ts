/** The part of Telegram's own object that we use, by its documentation ("Telegram Mini Apps", section WebApp). */
export interface TelegramWebApp {
  readonly initData: string;
  readonly themeParams: Readonly<Record<string, string | undefined>>;
  readonly MainButton: TelegramBottomButton;
  readonly SecondaryButton?: TelegramBottomButton;
  readonly BackButton: TelegramBackButton;
  readonly HapticFeedback: {
    impactOccurred(style: 'light'): void;
    notificationOccurred(type: 'success' | 'warning' | 'error'): void;
    selectionChanged(): void;
  };
  isVersionAtLeast(version: string): boolean;
  ready(): void;
  expand(): void;
  onEvent(name: 'themeChanged', handler: () => void): void;
  setHeaderColor(color: string): void;
  setBackgroundColor(color: string): void;
  setBottomBarColor(color: string): void;
  openLink(url: string): void;
  openTelegramLink(url: string): void;
  openInvoice(url: string, callback: (status: string) => void): void;
  /** Answers the id of the pressed button, an empty text where the popup was left. */
  showPopup(popup: TelegramPopup, callback: (buttonId: string) => void): void;
  downloadFile(parameters: { url: string; file_name: string }): void;
  enableClosingConfirmation(): void;
  disableClosingConfirmation(): void;
}

export interface TelegramBottomButton {
  setParams(parameters: { text?: string; is_active?: boolean; is_visible?: boolean; position?: string }): void;
  onClick(handler: () => void): void;
  offClick(handler: () => void): void;
  showProgress(leaveActive: boolean): void;
  hideProgress(): void;
  hide(): void;
}

interface TelegramBackButton {
  show(): void;
  hide(): void;
  onClick(handler: () => void): void;
  offClick(handler: () => void): void;
}

declare global {
  interface Window {
    readonly Telegram?: { readonly WebApp?: TelegramWebApp };
  }
}

interface TelegramPopup {
  readonly message: string;
  readonly buttons: readonly {
    readonly id: string;
    readonly type: 'default' | 'destructive';
    readonly text: string;
  }[];
}
