import { parseJson } from '../../core/json.ts';

/**
 * What a log-in at Fragment consists of: session, time zone, the log-in with Telegram, the linked wallet, and what the
 * site's guard gives to a browser that it has looked at. Others are not kept.
 */
const cookieNames = ['stel_ssid', 'stel_dt', 'stel_token', 'stel_ton_token', 'cf_clearance'] as const;
type CookieName = (typeof cookieNames)[number];

/** Values by name. Secrets: they are sealed at rest and stand in no log. */
export type FragmentCookies = Readonly<Partial<Record<CookieName, string>>>;

/** The `Cookie` header. */
export function cookieHeader(cookies: FragmentCookies): string {
  return Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');
}

/** Whether two sets are the same. */
export function sameCookies(a: FragmentCookies, b: FragmentCookies): boolean {
  return cookieNames.every((name) => a[name] === b[name]);
}

/**
 * The cookies after an answer. Several `Set-Cookie` come joined by commas, and a date has a comma of its own: a new one
 * begins where a name and an equals sign follow. An empty value takes a cookie away.
 */
export function afterAnswer(cookies: FragmentCookies, setCookie: string | undefined): FragmentCookies {
  const changed: Record<string, string> = { ...cookies };
  for (const one of setCookie?.split(/,(?=\s*[^;,=\s]+=)/) ?? []) {
    const [pair = ''] = one.split(';', 1);
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    if (!isKept(name) || !isValue(value)) continue;
    if (value === '' || value === 'deleted') delete changed[name];
    else changed[name] = value;
  }
  return changed;
}

/**
 * Cookies as a person brings them out of a browser: the text of a `Cookie` header, a JSON object by name, or the JSON
 * list that exporters write. Undefined where no session or no log-in is among them.
 */
export function readCookies(text: string): FragmentCookies | undefined {
  const pairs = pairsOf(text.trim());
  const cookies: FragmentCookies = Object.fromEntries(
    pairs.filter(([name, value]) => isKept(name) && value !== '' && isValue(value)),
  );
  return cookies.stel_ssid !== undefined && cookies.stel_token !== undefined ? cookies : undefined;
}

function pairsOf(text: string): (readonly [string, string])[] {
  const json = parseJson(text);
  if (Array.isArray(json)) return json.flatMap((entry) => pairOf(entry));
  if (typeof json === 'object' && json !== null) {
    return Object.entries(json).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []));
  }
  return text
    .replace(/^cookie:\s*/i, '')
    .split(/[;\n]/)
    .map((pair) => [pair.slice(0, pair.indexOf('=')).trim(), pair.slice(pair.indexOf('=') + 1).trim()] as const);
}

function pairOf(entry: unknown): (readonly [string, string])[] {
  if (typeof entry !== 'object' || entry === null) return [];
  const { name, value } = entry as { name?: unknown; value?: unknown };
  return typeof name === 'string' && typeof value === 'string' ? [[name, value]] : [];
}

function isKept(name: string): name is CookieName {
  return (cookieNames as readonly string[]).includes(name);
}

/** What may stand in a header. */
function isValue(text: string): boolean {
  return /^[\u0021-\u003A\u003C-\u007E]{0,4096}$/.test(text);
}
