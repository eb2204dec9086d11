import { peekInitData } from './launch.ts';
import type { TelegramHost, ThemeParams } from './telegram-host.ts';

/** The mock, with the strings that its toolbar pulls. */
export interface MockHost extends TelegramHost {
  readonly people: readonly { readonly name: string; readonly firstName: string }[];
  readonly person: string;
  setTheme(params: ThemeParams): void;
}

interface DemoAnswer {
  readonly people: MockHost['people'];
  readonly person: string;
  readonly initData: string;
}

/**
 * Plays Telegram in an ordinary browser, as one of the demo people. The init data is really signed, by the server: it
 * has such an answer only while Telegram itself is simulated, so there is nothing to switch on in production.
 */
export async function createMockHost(person: string): Promise<MockHost> {
  const answer = await fetch(`/app/demo.json?person=${encodeURIComponent(person)}`);
  if (!answer.ok) throw new Error(`no demo people here: ${answer.status}`);
  const demo = (await answer.json()) as DemoAnswer;
  const listeners: ((params: ThemeParams) => void)[] = [];
  let theme: ThemeParams = {};
  return {
    kind: 'mock',
    people: demo.people,
    person: demo.person,
    initData: demo.initData,
    ...peekInitData(demo.initData),
    startParam: new URLSearchParams(location.search).get('tgWebAppStartParam'),
    hasOwnButtons: false,
    ready: () => undefined,
    onTheme(listener) {
      listeners.push(listener);
      listener(theme);
    },
    setTheme(params) {
      theme = params;
      for (const listener of listeners) listener(params);
    },
    setMainButton: () => undefined,
    setSecondaryButton: () => undefined,
    setBackButton: () => undefined,
    haptic: () => undefined,
    openLink: (url) => void window.open(url, '_blank', 'noopener'),
    openTelegramLink: (url) => void window.open(url, '_blank', 'noopener'),
    openInvoice(url) {
      window.open(url, '_blank', 'noopener');
      return Promise.resolve('pending');
    },
    confirm: ({ text }) => Promise.resolve(window.confirm(text)),
    downloadFile: () => false,
    setClosingConfirmation: () => undefined,
    setColors: () => undefined,
  };
}
