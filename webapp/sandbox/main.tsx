import { effect } from '@preact/signals';
import { render } from 'preact';
import { App } from './app.tsx';
import { startFromAddress } from './state/actions.ts';
import { connected, loadPeople } from './state/chat.ts';
import { loadClock } from './state/clock.ts';
import { loadDesk } from './state/orders.ts';
import { keepAddress, startPayload, theme } from './state/settings.ts';
import { language } from './texts.ts';

const retryMs = 1_000;

/** The simulator may be starting: the page asks until it answers. */
async function begin(): Promise<void> {
  try {
    await Promise.all([loadPeople(), loadDesk(), loadClock()]);
    connected.value = true;
    if (startPayload !== undefined) startFromAddress(startPayload);
  } catch {
    connected.value = false;
    setTimeout(() => void begin(), retryMs);
  }
}

// Before the first paint, so that nothing flashes.
effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
  document.documentElement.lang = language.value;
});

const root = document.querySelector('#root');
if (root !== null) render(<App />, root);
keepAddress();
void begin();
