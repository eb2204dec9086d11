import { useEffect, useRef, useState } from 'preact/hooks';
import type { ApiError, ApiResult } from '../api/result.ts';

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** A list that is read page by page. Under another `name` it is another list: what was read of the first is dropped. */
export function usePages<T>(name: string, read: (cursor: string | null) => Promise<ApiResult<Page<T>>>) {
  const [items, setItems] = useState<readonly T[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  /** The reading that counts: an answer to an earlier one is of a list that nobody looks at any more. */
  const reading = useRef<object | null>(null);

  async function load(from: string | null): Promise<void> {
    if (reading.current !== null) return;
    const mine = {};
    reading.current = mine;
    const answer = await read(from);
    if (reading.current !== mine) return;
    reading.current = null;
    if (!answer.ok) {
      setError(answer.error);
      return;
    }
    setError(null);
    const { items: found, nextCursor } = answer.value;
    setItems((known) => (from === null ? found : [...(known ?? []), ...found]));
    setCursor(nextCursor);
  }
  useEffect(() => {
    setItems(null);
    setCursor(null);
    void load(null);
    return () => {
      reading.current = null;
    };
  }, [name]);
  return { items, error, hasMore: cursor !== null, more: () => void load(cursor), again: () => void load(null) };
}
