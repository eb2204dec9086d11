/**
 * Browser storage that may be refused (a frame of a strict browser, a full disk). What cannot be kept lives on in this
 * page, so everything goes on working until it is closed.
 */
export interface Store {
  get<T>(name: string): T | undefined;
  set(name: string, value: unknown): void;
  remove(name: string): void;
}

function createStore(open: () => Storage): Store {
  const spare = new Map<string, string>();
  const attempt = <T>(work: (storage: Storage) => T, instead: () => T): T => {
    try {
      return work(open());
    } catch (error) {
      console.warn('no storage', error);
      return instead();
    }
  };
  return {
    get<T>(name: string): T | undefined {
      const text = attempt(
        (storage) => storage.getItem(`hf.${name}`) ?? spare.get(name),
        () => spare.get(name),
      );
      return text === undefined ? undefined : parse<T>(text);
    },
    set(name, value) {
      const text = JSON.stringify(value);
      spare.set(name, text);
      attempt(
        (storage) => storage.setItem(`hf.${name}`, text),
        () => undefined,
      );
    },
    remove(name) {
      spare.delete(name);
      attempt(
        (storage) => storage.removeItem(`hf.${name}`),
        () => undefined,
      );
    },
  };
}

function parse<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    console.warn('something unreadable was kept', error);
    return undefined;
  }
}

/** Ends with the tab. */
export const tabStore = createStore(() => sessionStorage);
/** Stays in this browser. */
export const lastingStore = createStore(() => localStorage);
