import { tabStore } from '../storage.ts';

/** What Telegram puts behind the # of the first address. */
export interface Launch {
  readonly initData: string;
  readonly themeParams: Readonly<Record<string, string>>;
  readonly platform: string;
}

const kept = 'launch';

/**
 * The launch parameters. They stand in the address of the first load only, so they are kept for the reloads of this
 * tab; undefined in an ordinary browser.
 */
export function readLaunch(): Launch | undefined {
  const fromHash = location.hash.slice(1);
  const text = fromHash.includes('tgWebApp') ? fromHash : (tabStore.get<string>(kept) ?? '');
  const parameters = new URLSearchParams(text);
  if (!parameters.has('tgWebAppVersion') && !parameters.has('tgWebAppData')) return undefined;
  tabStore.set(kept, text);
  return {
    initData: parameters.get('tgWebAppData') ?? '',
    themeParams: parseTheme(parameters.get('tgWebAppThemeParams')),
    platform: parameters.get('tgWebAppPlatform') ?? 'unknown',
  };
}

interface Peeked {
  readonly startParam: string | null;
  readonly languageCode: string | undefined;
  readonly userId: string | undefined;
}

/** The person and the start parameter that init data names; unproven, for the first words on the screen alone. */
export function peekInitData(initData: string): Peeked {
  const fields = new URLSearchParams(initData);
  const startParam = fields.get('start_param');
  try {
    const { id, language_code } = JSON.parse(fields.get('user') ?? '{}') as { id?: number; language_code?: string };
    return { startParam, languageCode: language_code, userId: id === undefined ? undefined : String(id) };
  } catch (error) {
    console.warn('the launch names no person', error);
    return { startParam, languageCode: undefined, userId: undefined };
  }
}

function parseTheme(text: string | null): Record<string, string> {
  if (text === null) return {};
  try {
    return JSON.parse(text) as Record<string, string>;
  } catch (error) {
    console.warn('the theme of the launch cannot be read', error);
    return {};
  }
}
