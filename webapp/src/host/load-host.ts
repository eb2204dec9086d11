import { facts } from '../facts.ts';
import { lastingStore } from '../storage.ts';
import { peekInitData, readLaunch } from './launch.ts';
import type { TelegramHost } from './telegram-host.ts';
import { createWebappHost } from './webapp-host.ts';

const scriptTimeoutMs = 2_000;

/**
 * The host, or null where there is none: an ordinary browser, or a Telegram whose script did not come in time. The
 * script is asked for only where Telegram has left its launch parameters, and never holds the first paint.
 */
export async function loadHost(firstPerson = 'anna'): Promise<TelegramHost | null> {
  const launch = readLaunch();
  if (launch !== undefined && launch.initData !== '') {
    if (facts.script !== null) await loadScript(facts.script);
    const app = window.Telegram?.WebApp;
    if (facts.simulated) rememberPerson(peekInitData(launch.initData).userId);
    return app === undefined ? null : createWebappHost(app, launch.initData);
  }
  if (!facts.simulated) return null;
  const asked = new URLSearchParams(location.search).get('person') ?? lastingStore.get<string>('person') ?? firstPerson;
  const { createMockHost } = await import('./mock-host.ts');
  const mock = await createMockHost(asked);
  rememberPerson(mock.person);
  return mock;
}

/** In development a payment page leads back into an ordinary tab: that tab is the same person. */
function rememberPerson(person: string | undefined): void {
  if (person !== undefined) lastingStore.set('person', person);
}

function loadScript(address: string): Promise<void> {
  return new Promise((resolve) => {
    const script = document.createElement('script');
    script.src = address;
    script.async = true;
    script.addEventListener('load', () => resolve());
    script.addEventListener('error', () => resolve());
    setTimeout(resolve, scriptTimeoutMs);
    document.head.append(script);
  });
}
