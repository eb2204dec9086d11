import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { StarGuide } from '../../api/types.ts';
import { api } from '../../state/shop.ts';

const guide = signal<StarGuide | null>(null);

/** About what the amounts on the shelf cost. Nothing waits for it: until it is there the amounts stand alone. */
export function useGuide(): StarGuide | null {
  useEffect(() => {
    void api()
      .starPrices()
      .then((answer) => {
        if (answer.ok) guide.value = answer.value.guide;
      });
  }, []);
  return guide.value;
}
