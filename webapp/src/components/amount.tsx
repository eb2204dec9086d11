import { useEffect, useRef, useState } from 'preact/hooks';
import type { Money } from '../api/types.ts';
import { numberAndUnit } from '../formats.ts';

const countMs = 400;

/** The big figure of a balance, with its unit small. A change counts up or down once. */
export function Amount({ amount }: { readonly amount: Money }) {
  const target = Number(amount.amountMinor);
  const [shown, setShown] = useState(target);
  const from = useRef(target);
  useEffect(() => {
    const start = from.current;
    from.current = target;
    if (start === target || matchMedia('(prefers-reduced-motion: reduce)').matches) {
      setShown(target);
      return undefined;
    }
    const startedAt = performance.now();
    let frame = requestAnimationFrame(function step(now) {
      const share = Math.min(1, (now - startedAt) / countMs);
      setShown(Math.round(start + (target - start) * (1 - (1 - share) ** 3)));
      if (share < 1) frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [target]);
  // What is counted is for the eye; at rest the exact text stands.
  const text = shown === target ? amount.amountMinor : String(shown);
  const { number, unit } = numberAndUnit({ ...amount, amountMinor: text });
  return (
    <span class="amount">
      {number} <span class="amount-unit">{unit}</span>
    </span>
  );
}
