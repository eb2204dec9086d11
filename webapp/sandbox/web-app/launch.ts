import { readStored, store } from './storage.ts';

export type ThemeParams = Readonly<Record<string, string>>;

/** What the host says when it opens the page, in the hash of its first address. */
export interface Launch {
  readonly initData: string;
  readonly version: string;
  readonly platform: string;
  readonly themeParams: ThemeParams;
  readonly fullscreen: boolean;
}

const kept = 'initParams';

/**
 * Reads the launch parameters from the hash. A reload of a page that has moved to another hash finds them in the
 * session's storage, where the host's own script keeps them too.
 */
export function readLaunch(hash: string): Launch {
  const given = Object.fromEntries(new URLSearchParams(hash.replace(/^#/, '').replace(/^.*\?(?=tgWebApp)/, '')));
  const fresh = Object.fromEntries(Object.entries(given).filter(([name]) => name.startsWith('tgWebApp')));
  const params = { ...readStored<Record<string, string>>(kept), ...fresh };
  store(kept, params);
  return {
    initData: params['tgWebAppData'] ?? '',
    version: params['tgWebAppVersion'] ?? '6.0',
    platform: params['tgWebAppPlatform'] ?? 'unknown',
    themeParams: readTheme(params['tgWebAppThemeParams']),
    fullscreen: params['tgWebAppFullscreen'] !== undefined,
  };
}

function readTheme(text: string | undefined): ThemeParams {
  try {
    return JSON.parse(text ?? '{}') as ThemeParams;
  } catch {
    // A host that cannot write its theme is answered with our defaults.
    return {};
  }
}

/** Init data as an object, objects inside of it parsed; nobody has verified it. */
export function parseUnsafe(initData: string): Record<string, unknown> {
  const pairs = [...new URLSearchParams(initData)];
  return Object.fromEntries(pairs.map(([name, value]) => [name, parseIfJson(value)]));
}

function parseIfJson(value: string): unknown {
  if (!/^(\{.*\}|\[.*\])$/s.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
