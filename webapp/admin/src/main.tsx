import { render } from 'preact';
import { isLanguage } from '../../../core/languages.ts';
import { host } from '../../src/host/host.ts';
import { readLaunch } from '../../src/host/launch.ts';
import { loadHost } from '../../src/host/load-host.ts';
import type { MockHost } from '../../src/host/mock-host.ts';
import { applyTheme } from '../../src/host/theme.ts';
import { OutsideScreen } from '../../src/screens/outside.tsx';
import { addTexts, useLanguage } from '../../src/texts.ts';
import { App } from './app.tsx';
import { openPanel, panel } from './state.ts';

addTexts({
  ru: () => import('../../../locales/ru/panel.ftl?raw'),
  en: () => import('../../../locales/en/panel.ftl?raw'),
});

/** Colours first, then who asks, then words in their language. */
async function start(): Promise<void> {
  applyTheme(readLaunch()?.themeParams ?? {});
  const found = await loadHost('oleg').catch((error: unknown) => {
    console.warn('no host', error);
    return null;
  });
  await useLanguage(/^ru\b/i.test(found?.languageCode ?? navigator.language) ? 'ru' : 'en');
  const root = document.querySelector('#app');
  if (root === null) throw new Error('the page has no place for the panel');
  root.textContent = '';
  if (found === null) {
    render(<OutsideScreen />, root);
    return;
  }
  host.value = found;
  found.onTheme((params) => found.setColors(applyTheme(params)));
  await openPanel(found.initData);
  const chosen = panel.value?.operator.language;
  if (isLanguage(chosen)) await useLanguage(chosen);
  render(<App />, root);
  found.ready();
  if (found.kind === 'mock') {
    const { mountToolbar } = await import('../../src/host/dev-toolbar.tsx');
    mountToolbar(found as MockHost);
  }
}

void start();
