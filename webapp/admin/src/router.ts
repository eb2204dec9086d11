import { computed, signal } from '@preact/signals';

const base = '/admin';

/** Where we are, filters included: an address can be sent to a colleague. */
const address = signal(read());

function read(): { path: string; query: URLSearchParams } {
  return { path: location.pathname.slice(base.length) || '/', query: new URLSearchParams(location.search) };
}

addEventListener('popstate', () => (address.value = read()));

export type Route =
  { readonly name: 'cases' | 'orders' | 'health' | 'trail' } | { readonly name: 'case' | 'story'; readonly id: string };

export const route = computed<Route>(() => parse(address.value.path));
export const query = computed(() => address.value.query);

function parse(path: string): Route {
  const [first = '', id] = path.split('/').filter(Boolean);
  if (first === 'orders') return id === undefined ? { name: 'orders' } : { name: 'story', id };
  if (first === 'health' || first === 'trail') return { name: first };
  return first === 'cases' && id !== undefined ? { name: 'case', id } : { name: 'cases' };
}

export function go(path: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', base + path);
  else history.pushState(null, '', base + path);
  address.value = read();
  scrollTo(0, 0);
}

/** Changes one filter of this address; the one that is chosen at first does not stand in it. */
export function setFilter(name: string, value: string, first: string): void {
  const changed = new URLSearchParams(query.value);
  if (value === first) changed.delete(name);
  else changed.set(name, value);
  const text = String(changed);
  go(`${address.value.path}${text === '' ? '' : `?${text}`}`, { replace: true });
}

/** The address of a screen, for links that may be opened in a tab of their own. */
export function href(path: string): string {
  return base + path;
}

/** Follows a link of ours without loading the page anew. */
export function follow(event: MouseEvent, path: string): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(path);
}
