import { render } from 'preact';
import { isLanguage, type Language } from '../../core/languages.ts';
import { App } from './app.tsx';
import { host } from './host/host.ts';
import { readLaunch } from './host/launch.ts';
import { loadHost } from './host/load-host.ts';
import type { MockHost } from './host/mock-host.ts';
import type { TelegramHost } from './host/telegram-host.ts';
import { applyTheme } from './host/theme.ts';
import { openStart } from './router.ts';
import { OutsideScreen } from './screens/outside.tsx';
import { openShop, shop } from './state/shop.ts';
import { lastingStore } from './storage.ts';
import { useLanguage } from './texts.ts';

/** The shell is on the screen already; colours first, then words, then what the person has. */
async function start(): Promise<void> {
  applyTheme(readLaunch()?.themeParams ?? {});
  // The words are on their way while the host is looked for; they are nearly always the right ones.
  const words = useLanguage(firstLanguage(null));
  const found = await loadHost().catch((error: unknown) => {
    console.warn('no host', error);
    return null;
  });
  const opening = found === null ? undefined : openShop(found.initData);
  await words;
  await useLanguage(firstLanguage(found));
  const root = document.querySelector('#app');
  if (root === null) throw new Error('the page has no place for the app');
  if (found === null) {
    root.textContent = '';
    render(<OutsideScreen />, root);
    return;
  }
  host.value = found;
  found.onTheme((params) => found.setColors(applyTheme(params)));
  openStart(found.startParam);
  root.textContent = '';
  render(<App />, root);
  found.ready();
  if (found.kind === 'mock') void showToolbar(found as MockHost);
  await opening;
  const chosen = shop.value?.user.language;
  if (isLanguage(chosen)) {
    lastingStore.set('language', chosen);
    await useLanguage(chosen);
  }
}

/** Before the server has said what the person chose: as the last time, then as their Telegram, then as the browser. */
function firstLanguage(found: TelegramHost | null): Language {
  const kept = lastingStore.get<string>('language');
  if (isLanguage(kept)) return kept;
  return /^ru\b/i.test(found?.languageCode ?? navigator.language) ? 'ru' : 'en';
}

async function showToolbar(mock: MockHost): Promise<void> {
  const { mountToolbar } = await import('./host/dev-toolbar.tsx');
  mountToolbar(mock);
}

void start();
