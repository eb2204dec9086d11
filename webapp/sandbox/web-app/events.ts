export type Listener = (data?: unknown) => void;

/** The page's own subscriptions: `onEvent` and `offEvent` of the documented surface. */
export interface Events {
  on(name: string, listener: Listener): void;
  off(name: string, listener: Listener): void;
  emit(name: string, data?: unknown): void;
}

export function createEvents(self: () => unknown): Events {
  const listeners = new Map<string, Listener[]>();
  return {
    on(name, listener) {
      const known = listeners.get(name) ?? [];
      if (!known.includes(listener)) listeners.set(name, [...known, listener]);
    },
    off(name, listener) {
      listeners.set(
        name,
        (listeners.get(name) ?? []).filter((known) => known !== listener),
      );
    },
    emit(name, data) {
      for (const listener of listeners.get(name) ?? []) listener.call(self(), data);
    },
  };
}
