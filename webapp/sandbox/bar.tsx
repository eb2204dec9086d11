import type { JSX } from 'preact';
import { ClockControl } from './bar-clock.tsx';
import { Icon } from './parts/icons.tsx';
import { setLanguage } from './state/actions.ts';
import { connected, person } from './state/chat.ts';
import { attempt } from './state/notices.ts';
import { desk, openPanel, temporalUrl } from './state/orders.ts';
import { failNextPayment, insets, platform, platforms, theme } from './state/settings.ts';
import { themeNames } from './state/themes.ts';
import { language, t } from './texts.ts';

/** What only a sandbox has: who I am, how the client is set, and what goes wrong next. */
export function Bar(): JSX.Element {
  return (
    <header class="bar">
      <strong class="bar-title">{t('sandbox')}</strong>
      <span class="bar-who">{person.value?.firstName}</span>
      {desk.value.hasOrders && (
        <button type="button" class="bar-link" onClick={() => openPanel()}>
          <Icon name="ledger" size={16} /> {t('orders')}
        </button>
      )}
      <Choice
        label={t('theme')}
        value={theme.value}
        options={themeNames.map((name) => [name, t(name)])}
        choose={(name) => (theme.value = themeNames.find((one) => one === name) ?? 'light')}
      />
      <Choice
        label={t('language')}
        value={language.value}
        options={[
          ['ru', 'Русский'],
          ['en', 'English'],
        ]}
        choose={(code) => attempt(() => setLanguage(code))}
      />
      <Choice
        label={t('platform')}
        value={platform.value}
        options={platforms.map((name) => [name, names[name]])}
        choose={(name) => (platform.value = platforms.find((one) => one === name) ?? 'ios')}
      />
      <Switch label={t('insets')} on={insets.value} set={(on) => (insets.value = on)} />
      <ClockControl />
      <Switch label={t('failNext')} on={failNextPayment.value} set={(on) => (failNextPayment.value = on)} />
      {temporalUrl.value !== undefined && (
        <a class="bar-link" href={temporalUrl.value} target="_blank" rel="noopener noreferrer">
          {t('temporal')} <Icon name="external" size={14} />
        </a>
      )}
      {!connected.value && (
        <span class="bar-offline" role="alert">
          {t('offline')}
        </span>
      )}
    </header>
  );
}

const names = { ios: 'iOS', android: 'Android', tdesktop: 'Desktop' } as const;

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly choose: (value: string) => void;
}

function Choice({ label, value, options, choose }: ChoiceProps): JSX.Element {
  return (
    <label class="choice" title={label}>
      <span>{label}</span>
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {options.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function Switch({ label, on, set }: { label: string; on: boolean; set: (on: boolean) => void }): JSX.Element {
  return (
    <label class="switch">
      <input type="checkbox" role="switch" checked={on} onChange={(event) => set(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}
