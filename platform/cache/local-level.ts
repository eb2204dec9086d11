/** The first level: values in the memory of this process, each until a moment; the least recently used leave first. */
export interface LocalLevel {
  /** Undefined: nothing, or nothing that still holds. */
  get(key: string): { readonly value: unknown } | undefined;
  set(key: string, value: unknown, untilMs: number): void;
  delete(key: string): void;
  clear(): void;
}

export interface LocalLevelOptions {
  /** More than this are never kept; 0 switches the level off. */
  readonly entriesMax: number;
  readonly now: () => number;
}

/** A bounded map in memory. */
export function createLocalLevel({ entriesMax, now }: LocalLevelOptions): LocalLevel {
  const entries = new Map<string, { readonly value: unknown; readonly untilMs: number }>();

  return {
    get(key) {
      const found = entries.get(key);
      if (found === undefined) return undefined;
      entries.delete(key);
      if (found.untilMs <= now()) return undefined;
      entries.set(key, found);
      return { value: found.value };
    },
    set(key, value, untilMs) {
      entries.delete(key);
      if (entriesMax === 0 || untilMs <= now()) return;
      entries.set(key, { value, untilMs });
      const [oldest] = entries.keys();
      if (entries.size > entriesMax && oldest !== undefined) entries.delete(oldest);
    },
    delete: (key) => void entries.delete(key),
    clear: () => entries.clear(),
  };
}
