import { useEffect, useRef, useState } from 'preact/hooks';
import type { ApiError } from '../../api/result.ts';
import type { Money, StarItem, StarQuote } from '../../api/types.ts';
import { api } from '../../state/shop.ts';

/** What is known of the price of one item. */
export interface Quoted {
  readonly quote: StarQuote | null;
  /** When it can be bought by no more, by this device's clock. */
  readonly endsAt: number;
  readonly isAsking: boolean;
  readonly error: ApiError | null;
  /** What it cost before, where that was another price. */
  readonly movedFrom: Money | null;
  /** It has run out, and is not asked for by itself any more. */
  readonly isOver: boolean;
}

const nothing: Quoted = { quote: null, endsAt: 0, isAsking: false, error: null, movedFrom: null, isOver: false };

const typingPauseMs = 500;
/** A device whose clock is wrong still gets some time; the server has the last word. */
const lifetimeMs = { min: 20_000, max: 15 * 60_000, unknown: 60_000 };
/** A screen that is left open does not ask for prices all day. */
const renewalsMax = 4;

/**
 * The price of an item: asked for when the typing pauses, and again when it has run out while somebody looks. The
 * answer to an earlier question is dropped.
 */
export function useQuote(item: StarItem | null, isHeldBack: boolean) {
  const name = item === null ? '' : `${item.kind}/${item.quantity}/${item.recipient.toLowerCase()}`;
  const [known, setKnown] = useState<Quoted & { readonly name: string }>({ ...nothing, name });
  const asked = useRef(0);
  const renewals = useRef(0);
  const now = known.name === name ? known : { ...nothing, name, isAsking: item !== null };

  async function ask(): Promise<void> {
    if (item === null) return;
    const mine = (asked.current += 1);
    setKnown({ ...now, isAsking: true, error: null, isOver: false });
    const answer = await api().quoteStars(item);
    if (mine !== asked.current) return;
    if (!answer.ok) {
      setKnown({ ...nothing, name, error: answer.error });
      return;
    }
    const { quote } = answer.value;
    const before = now.quote?.price;
    const isMoved = before !== undefined && before.amountMinor !== quote.price.amountMinor;
    setKnown({ ...nothing, name, quote, endsAt: endOf(quote), movedFrom: isMoved ? before : null });
  }

  useEffect(() => {
    renewals.current = 0;
    asked.current += 1;
    if (item === null) return undefined;
    const timer = setTimeout(() => void ask(), typingPauseMs);
    return () => clearTimeout(timer);
  }, [name]);

  useEffect(() => {
    if (now.quote === null || now.isAsking || isHeldBack) return undefined;
    const renew = (): void => {
      if (Date.now() < now.endsAt || document.visibilityState !== 'visible') return;
      renewals.current += 1;
      if (renewals.current > renewalsMax) setKnown({ ...now, isOver: true });
      else void ask();
    };
    const timer = now.isOver ? undefined : setTimeout(renew, Math.max(0, now.endsAt - Date.now()));
    document.addEventListener('visibilitychange', renew);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', renew);
    };
  }, [now.quote, now.isAsking, now.isOver, isHeldBack]);

  return {
    ...now,
    ask: () => {
      renewals.current = 0;
      void ask();
    },
  };
}

function endOf({ expiresAt }: StarQuote): number {
  const leftMs = Date.parse(expiresAt) - Date.now();
  const isSane = leftMs >= lifetimeMs.min && leftMs <= lifetimeMs.max;
  return Date.now() + (isSane ? leftMs : lifetimeMs.unknown);
}
