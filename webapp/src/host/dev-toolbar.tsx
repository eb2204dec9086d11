import { render } from 'preact';
import { useState } from 'preact/hooks';
import { lastingStore } from '../storage.ts';
import { t } from '../texts.ts';
import type { MockHost } from './mock-host.ts';
import type { ThemeParams } from './telegram-host.ts';

/** Themes to look at the app in: by the system, and a loud one of somebody's own. */
const themes: Readonly<Record<'light' | 'dark' | 'loud', ThemeParams>> = {
  light: { bg_color: '#ffffff' },
  dark: { bg_color: '#1c1d21' },
  loud: {
    bg_color: '#fff3c4',
    secondary_bg_color: '#ffd6e7',
    section_bg_color: '#fff3c4',
    text_color: '#5b1a8b',
    hint_color: '#d48fb0',
    link_color: '#ff6a00',
    button_color: '#00c2a8',
    button_text_color: '#fff06b',
    destructive_text_color: '#ff9aa2',
  },
};
type ThemeName = keyof typeof themes;

/** A visible bar of strings to pull; it comes with the mock alone. */
export function mountToolbar(mock: MockHost): void {
  const place = document.createElement('div');
  document.body.prepend(place);
  render(<Toolbar mock={mock} />, place);
}

function Toolbar({ mock }: { readonly mock: MockHost }) {
  const [theme, setTheme] = useState<ThemeName | ''>('');
  const [hasInsets, setInsets] = useState(false);
  return (
    <aside class="dev" aria-label={t('dev-note')}>
      <select
        aria-label={t('dev-person')}
        value={mock.person}
        onChange={(event) => {
          lastingStore.set('person', event.currentTarget.value);
          lastingStore.remove('language');
          location.assign(import.meta.env.BASE_URL);
        }}
      >
        {mock.people.map(({ name, firstName }) => (
          <option key={name} value={name}>
            {firstName}
          </option>
        ))}
      </select>
      <select
        aria-label={t('dev-theme')}
        value={theme}
        onChange={(event) => {
          const name = event.currentTarget.value as ThemeName | '';
          setTheme(name);
          mock.setTheme(name === '' ? {} : themes[name]);
        }}
      >
        <option value="">{t('dev-theme')}</option>
        <option value="light">{t('dev-light')}</option>
        <option value="dark">{t('dev-dark')}</option>
        <option value="loud">{t('dev-loud')}</option>
      </select>
      <label>
        <input
          type="checkbox"
          checked={hasInsets}
          onChange={(event) => {
            setInsets(event.currentTarget.checked);
            document.documentElement.classList.toggle('dev-insets', event.currentTarget.checked);
          }}
        />
        {t('dev-insets')}
      </label>
    </aside>
  );
}
