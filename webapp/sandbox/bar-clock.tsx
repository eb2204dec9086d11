import type { JSX } from 'preact';
import { distance } from './formats.ts';
import { Icon } from './parts/icons.tsx';
import { aheadMs, setClock } from './state/clock.ts';
import { attempt } from './state/notices.ts';
import { t } from './texts.ts';

const hourMs = 3_600_000;
const forward = [hourMs, 24 * hourMs, 30 * 24 * hourMs];
/** Init data of a clock this far behind is too old for the API. */
const behindMs = -2 * hourMs;

/** The clock of the simulated Telegram: it is shown when it is not true, and led back by one press. */
export function ClockControl(): JSX.Element {
  const ahead = aheadMs.value;
  const choose = (value: string): void => {
    if (value === 'now') return;
    attempt(() => setClock(value === 'behind' ? behindMs : Math.max(ahead, 0) + Number(value)));
  };
  return (
    <span class={ahead === 0 ? 'clock' : 'clock untrue'}>
      <label class="choice" title={t('clock')}>
        <span>{t('clock')}</span>
        <select value="now" onChange={(event) => choose(event.currentTarget.value)}>
          <option value="now">{ahead === 0 ? t('trueTime') : distance(ahead)}</option>
          {forward.map((ms) => (
            <option key={ms} value={String(ms)}>
              {t('runAhead', { by: distance(ms).slice(1) })}
            </option>
          ))}
          <option value="behind">{t('fallBehind', { by: distance(behindMs).slice(1) })}</option>
        </select>
      </label>
      {ahead !== 0 && (
        <button type="button" class="bar-link" onClick={() => attempt(() => setClock(0))}>
          <Icon name="clock" size={16} /> {t('toTrueTime')}
        </button>
      )}
    </span>
  );
}
