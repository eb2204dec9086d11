import { chat } from '../state/chat.ts';
import type { EventData, Handlers, Request } from './protocol.ts';
import { wordsOf } from '../web-app/words.ts';

const keysMax = 1_024;

/** The last contact that the person gave, as the server has signed it. */
let signedContact: string | undefined;

export function keepContact(response: string | undefined): void {
  signedContact = response;
}

/** What the account, the device and the server behind it keep for this person and this bot. */
export const keepHandlers: Handlers = {
  web_app_invoke_custom_method: ({ data, post, app }) => {
    const answer = (content: EventData): void => post('custom_method_invoked', { req_id: data['req_id'], ...content });
    const params = (data['params'] ?? {}) as EventData;
    const method = wordsOf(data['method']);
    const shelf = openShelf('cloud', app.personId);
    if (method === 'getRequestedContact') {
      answer(signedContact === undefined ? { error: 'NOT_FOUND' } : { result: signedContact });
    } else if (method in cloudMethods) {
      answer(cloudMethods[method]?.(shelf, params) ?? {});
    } else answer({ error: 'METHOD_INVALID' });
  },
  ...localHandlers('device'),
  ...localHandlers('secure'),
};

interface Shelf {
  read(): Record<string, string>;
  write(values: Readonly<Record<string, string>>): void;
}

function openShelf(kind: string, personId: number): Shelf {
  const name = `holdfast-sandbox:${kind}:${chat.value?.bot.id ?? 0}:${personId}`;
  return {
    read: () => JSON.parse(localStorage.getItem(name) ?? '{}') as Record<string, string>,
    write: (values) => localStorage.setItem(name, JSON.stringify(values)),
  };
}

const cloudMethods: Readonly<Record<string, (shelf: Shelf, params: EventData) => EventData>> = {
  saveStorageValue(shelf, { key, value }) {
    const values = shelf.read();
    if (!(wordsOf(key) in values) && Object.keys(values).length >= keysMax) return { error: 'QUOTA_EXCEEDED' };
    shelf.write({ ...values, [wordsOf(key)]: wordsOf(value) });
    return { result: true };
  },
  getStorageValues(shelf, { keys }) {
    const values = shelf.read();
    return { result: Object.fromEntries(readKeys(keys).map((key) => [key, values[key] ?? ''])) };
  },
  deleteStorageValues(shelf, { keys }) {
    const gone = readKeys(keys);
    shelf.write(Object.fromEntries(Object.entries(shelf.read()).filter(([key]) => !gone.includes(key))));
    return { result: true };
  },
  getStorageKeys: (shelf) => ({ result: Object.keys(shelf.read()) }),
};

function readKeys(keys: unknown): string[] {
  return Array.isArray(keys) ? keys.map((key) => wordsOf(key)) : [];
}

function localHandlers(kind: 'device' | 'secure'): Handlers {
  const shelfOf = ({ app }: Request): Shelf => openShelf(kind, app.personId);
  const answer = ({ data, post }: Request, name: string, content: EventData = {}): void =>
    post(`${kind}_storage_${name}`, { req_id: data['req_id'], ...content });
  return {
    [`web_app_${kind}_storage_save_key`]: (request) => {
      const { key, value } = request.data;
      const { [wordsOf(key)]: _old, ...others } = shelfOf(request).read();
      shelfOf(request).write(value === null ? others : { ...others, [wordsOf(key)]: wordsOf(value) });
      answer(request, 'key_saved');
    },
    [`web_app_${kind}_storage_get_key`]: (request) =>
      answer(request, 'key_received', { value: shelfOf(request).read()[wordsOf(request.data['key'])] ?? null }),
    [`web_app_${kind}_storage_clear`]: (request) => {
      shelfOf(request).write({});
      answer(request, 'cleared');
    },
  };
}
