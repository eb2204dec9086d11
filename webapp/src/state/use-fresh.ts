import { useEffect, useState } from 'preact/hooks';
import type { ApiError } from '../api/result.ts';
import { generations, pollMs, readGeneration, readStarPurchase, readTopup } from './shop.ts';

const readers = { topup: readTopup, generation: readGeneration, 'star-purchase': readStarPurchase } as const;

/** Reads an order when its screen opens, and again and again while it is open, in case the socket does not tell. */
export function useFresh(kind: keyof typeof readers, id: string, isOpen: boolean) {
  const [error, setError] = useState<ApiError | null>(null);
  const read = (): void => void readers[kind](id).then(setError);
  useEffect(read, [kind, id]);
  useEffect(() => {
    if (!isOpen) return undefined;
    const pauseMs = (): number => pollMs((generations.value.get(id)?.queuePosition ?? null) !== null);
    let timer = setTimeout(function again() {
      read();
      timer = setTimeout(again, pauseMs());
    }, pauseMs());
    // Back from a payment page.
    const look = (): void => {
      if (document.visibilityState === 'visible') read();
    };
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [kind, id, isOpen]);
  return { error, read };
}
