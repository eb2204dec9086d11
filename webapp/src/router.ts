import { computed, signal } from '@preact/signals';

const base = '/app';

/** Where we are: the path under `/app` and its query. The hash is Telegram's and is left alone. */
const address = signal(read());
/** How many steps of this page lie behind us: with none, Back leads to where the screen belongs. */
let depth = 0;

function read(): { path: string; query: URLSearchParams } {
  const path = location.pathname.startsWith(base) ? location.pathname.slice(base.length) : '/';
  return { path: path === '' ? '/' : path, query: new URLSearchParams(location.search) };
}

addEventListener('popstate', (event: PopStateEvent) => {
  depth = typeof event.state === 'number' ? event.state : 0;
  address.value = read();
});

export type Route =
  | { readonly name: 'home' | 'history' | 'profile' | 'topup' | 'generate' | 'stars' }
  | { readonly name: 'topup-status' | 'generation' | 'transaction' | 'star-purchase'; readonly id: string };

const rootScreens = new Set(['home', 'history', 'profile']);

export const route = computed<Route>(() => parse(address.value.path));
export const query = computed(() => address.value.query);
export const isRoot = computed(() => rootScreens.has(route.value.name));

function parse(path: string): Route {
  const [first = '', id] = path.split('/').filter(Boolean);
  if (id === undefined) {
    return { name: isPlain(first) ? first : 'home' };
  }
  if (first === 'topup') return { name: 'topup-status', id };
  if (first === 'generation' || first === 'transaction' || first === 'star-purchase') return { name: first, id };
  return { name: 'home' };
}

const plainScreens: readonly string[] = ['history', 'profile', 'topup', 'generate', 'stars'] satisfies PlainScreen[];
type PlainScreen = Exclude<Route, { readonly id: string }>['name'];

function isPlain(name: string): name is PlainScreen {
  return plainScreens.includes(name);
}

/** Goes to a screen. `replace` leaves no way back to the one before. */
export function go(path: string, { replace = false } = {}): void {
  if (replace) history.replaceState(depth, '', base + path);
  else {
    depth += 1;
    history.pushState(depth, '', base + path);
  }
  address.value = read();
  scrollTo(0, 0);
}

/** One step back, or to the screen that this one belongs to. */
export function back(): void {
  if (depth > 0) history.back();
  else go('/', { replace: true });
}

/** The screen that a link into the app asks for: the way back from a payment page, or a start parameter. */
export function openStart(startParam: string | null): void {
  const topup = query.value.get('topup') ?? /^(?:pay|topup)_([\w-]{36})$/.exec(startParam ?? '')?.[1];
  const generation = /^gen_([\w-]{36})$/.exec(startParam ?? '')?.[1];
  const purchase = /^star_([\w-]{36})$/.exec(startParam ?? '')?.[1];
  if (topup !== undefined) go(`/topup/${encodeURIComponent(topup)}`, { replace: true });
  else if (generation !== undefined) go(`/generation/${generation}`, { replace: true });
  else if (purchase !== undefined) go(`/star-purchase/${purchase}`, { replace: true });
  else if (startParam === 'stars') go('/stars', { replace: true });
  else if (startParam === 'topup') go('/topup', { replace: true });
}
