import type { Core } from './core.ts';
import type { Invoke } from './prompts.ts';

type Done<T = unknown> = ((error: string | null, result?: T) => void) | undefined;

const keyPattern = /^[A-Za-z0-9_-]{1,128}$/;
const valueLengthMax = 4_096;

/** Methods of the server behind the host, answered by request id. */
export function createInvoke({ bridge, callbacks }: Core): Invoke {
  bridge.on('custom_method_invoked', (data) => callbacks.answer(data));
  return (method, params, callback) => {
    const reqId = callbacks.add(({ error, result }) =>
      typeof error === 'string' ? callback(error) : callback(null, result),
    );
    bridge.post('web_app_invoke_custom_method', { req_id: reqId, method, params });
  };
}

/** `CloudStorage`: what the person's account keeps for this bot. */
export function createCloudStorage(core: Core, invoke: Invoke) {
  const one = (method: string, params: object, done: Done): void => {
    core.need('CloudStorage', '6.9');
    invoke(method, params, (error, result) => done?.(error, result));
  };
  const bad = (keys: readonly string[]): boolean => keys.some((key) => !keyPattern.test(key));
  const storage = {
    setItem(key: string, value: string, done?: Done<boolean>) {
      if (bad([key])) done?.('KEY_INVALID');
      else if (value.length > valueLengthMax) done?.('VALUE_TOO_LONG');
      else one('saveStorageValue', { key, value }, done as Done);
      return storage;
    },
    getItem(key: string, done?: Done<string>) {
      return storage.getItems([key], (error, values) => done?.(error, values?.[key] ?? ''));
    },
    getItems(keys: string[], done?: Done<Record<string, string>>) {
      if (bad(keys)) done?.('KEY_INVALID');
      else one('getStorageValues', { keys }, done as Done);
      return storage;
    },
    removeItem: (key: string, done?: Done<boolean>) => storage.removeItems([key], done),
    removeItems(keys: string[], done?: Done<boolean>) {
      if (bad(keys)) done?.('KEY_INVALID');
      else one('deleteStorageValues', { keys }, done as Done);
      return storage;
    },
    getKeys(done?: Done<string[]>) {
      one('getStorageKeys', {}, done as Done);
      return storage;
    },
  };
  return storage;
}

/** `DeviceStorage` or `SecureStorage`: what this device keeps for the bot. */
export function createLocalStorage(core: Core, kind: 'device' | 'secure') {
  const name = kind === 'device' ? 'DeviceStorage' : 'SecureStorage';
  for (const answer of ['key_saved', 'key_received', 'cleared', 'failed', 'key_restored']) {
    core.bridge.on(`${kind}_storage_${answer}`, (data) => core.callbacks.answer(data));
  }
  const ask = (call: string, params: object, done: Done): void => {
    core.need(name, '9.0');
    const reqId = core.callbacks.add(({ error, value }) =>
      typeof error === 'string' ? done?.(error) : done?.(null, value ?? true),
    );
    core.bridge.post(`web_app_${kind}_storage_${call}`, { req_id: reqId, ...params });
  };
  return {
    setItem: (key: string, value: string | null, done?: Done) => ask('save_key', { key, value }, done),
    getItem: (key: string, done?: Done) =>
      ask('get_key', { key }, (error, value) => done?.(error, value === true ? null : value)),
    removeItem: (key: string, done?: Done) => ask('save_key', { key, value: null }, done),
    clear: (done?: Done) => ask('clear', {}, done),
  };
}
