import { signal } from '@preact/signals';
import { liveState } from '../live/live.ts';
import { t } from '../texts.ts';

const isOnline = signal(navigator.onLine);
addEventListener('online', () => (isOnline.value = true));
addEventListener('offline', () => (isOnline.value = false));

/** Says when what is shown may be old; nothing while all is well. */
export function LiveBadge() {
  const state = liveState.value;
  const key = isOnline.value ? (state === 'live' || state === 'connecting' ? null : `live-${state}`) : 'live-offline';
  return (
    <div class="live" role="status" data-live={state}>
      {key !== null && <span class="chip chip-wait">{t(key)}</span>}
    </div>
  );
}
