import { useEffect, useRef, useState } from 'preact/hooks';
import type { ApiError, ApiResult } from '../api/result.ts';

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** A list that is read page by page. */
export function usePages<T>(read: (cursor: string | null) => Promise<ApiResult<Page<T>>>) {
  const [items, setItems] = useState<readonly T[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const isReading = useRef(false);

  async function load(from: string | null): Promise<void> {
    if (isReading.current) return;
    isReading.current = true;
    const answer = await read(from);
    isReading.current = false;
    if (!answer.ok) {
      setError(answer.error);
      return;
    }
    setError(null);
    const { items: found, nextCursor } = answer.value;
    setItems((known) => (from === null ? found : [...(known ?? []), ...found]));
    setCursor(nextCursor);
  }
  useEffect(() => void load(null), []);
  return { items, error, hasMore: cursor !== null, more: () => void load(cursor), again: () => void load(null) };
}
