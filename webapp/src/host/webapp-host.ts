import { peekInitData } from './launch.ts';
import type { BottomButton, HapticKind, InvoiceStatus, Question, TelegramHost } from './telegram-host.ts';
import type { TelegramBottomButton, TelegramWebApp } from './telegram-web-app.ts';

/** The host inside Telegram. Each call is made only where the client is new enough for it. */
export function createWebappHost(app: TelegramWebApp, initData: string): TelegramHost {
  const since = (version: string): boolean => app.isVersionAtLeast(version);
  const back = createHandler(app.BackButton);
  return {
    kind: 'telegram',
    initData,
    ...peekInitData(initData),
    hasOwnButtons: since('6.1'),
    ready() {
      app.ready();
      app.expand();
    },
    onTheme(listener) {
      listener(app.themeParams);
      app.onEvent('themeChanged', () => listener(app.themeParams));
    },
    setMainButton: bottomButton(app.MainButton),
    setSecondaryButton: since('7.10') ? bottomButton(app.SecondaryButton) : () => undefined,
    setBackButton(onPress) {
      if (!since('6.1')) return;
      back(onPress);
      if (onPress === null) app.BackButton.hide();
      else app.BackButton.show();
    },
    haptic(kind) {
      if (since('6.1')) buzz(app, kind);
    },
    openLink: (url) => app.openLink(url),
    openTelegramLink: (url) => (since('6.1') ? app.openTelegramLink(url) : app.openLink(url)),
    openInvoice: (url) => (since('6.1') ? openInvoice(app, url) : openOutside(app, url)),
    confirm: (question) =>
      since('6.2') ? confirmInTelegram(app, question) : Promise.resolve(window.confirm(question.text)),
    downloadFile(url, name) {
      // Telegram fetches the file by itself, which it does from public addresses only.
      if (!since('8.0') || !url.startsWith('https:')) return false;
      app.downloadFile({ url, file_name: name });
      return true;
    },
    setClosingConfirmation(isOn) {
      if (!since('6.2')) return;
      if (isOn) app.enableClosingConfirmation();
      else app.disableClosingConfirmation();
    },
    setColors(background) {
      if (since('6.9')) app.setHeaderColor(background);
      if (since('6.1')) app.setBackgroundColor(background);
      if (since('7.10')) app.setBottomBarColor(background);
    },
  };
}

interface Clickable {
  onClick(handler: () => void): void;
  offClick(handler: () => void): void;
}

/** Telegram keeps every handler that it is given: the one before is taken away first. */
function createHandler(button: Clickable): (handler: (() => void) | null) => void {
  let current: (() => void) | null = null;
  return (handler) => {
    if (current !== null) button.offClick(current);
    current = handler;
    if (handler !== null) button.onClick(handler);
  };
}

function bottomButton(button: TelegramBottomButton | undefined): (wanted: BottomButton | null) => void {
  if (button === undefined) return () => undefined;
  const handle = createHandler(button);
  return (wanted) => {
    handle(wanted === null ? null : () => void wanted.onPress());
    if (wanted === null) return button.hide();
    button.setParams({ text: wanted.text, is_active: wanted.isEnabled && !wanted.isBusy, is_visible: true });
    if (wanted.isBusy) button.showProgress(false);
    else button.hideProgress();
  };
}

function buzz({ HapticFeedback }: TelegramWebApp, kind: HapticKind): void {
  if (kind === 'select') HapticFeedback.selectionChanged();
  else if (kind === 'light') HapticFeedback.impactOccurred('light');
  else HapticFeedback.notificationOccurred(kind);
}

/** What the sheet says is a hint: the truth is the server's. Some clients say nothing at all. */
function openInvoice(app: TelegramWebApp, url: string): Promise<InvoiceStatus> {
  return new Promise((resolve) => app.openInvoice(url, (status) => resolve(status as InvoiceStatus)));
}

function openOutside(app: TelegramWebApp, url: string): Promise<InvoiceStatus> {
  app.openLink(url);
  return Promise.resolve('pending');
}

function confirmInTelegram(app: TelegramWebApp, { text, yes, no }: Question): Promise<boolean> {
  const buttons = [
    { id: 'yes', type: 'destructive', text: yes },
    { id: 'no', type: 'default', text: no },
  ] as const;
  return new Promise((resolve) => app.showPopup({ message: text, buttons }, (id) => resolve(id === 'yes')));
}
