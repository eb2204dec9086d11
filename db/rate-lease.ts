/** What drawing from the shared count gave. */
export type Taken =
  { readonly ok: true; readonly goodForMs: number } | { readonly ok: false; readonly retryAfterMs: number };

export interface Lease {
  /** Takes one. */
  take(key: string): Promise<Taken>;
  /** Puts one back for this process to use. */
  giveBack(key: string): void;
}

export interface LeaseOptions {
  /** How many a window allows. */
  readonly perWindow: number;
  /** Draws several from the shared count; `goodForMs` is what remains of the window. */
  readonly draw: (key: string, points: number) => Promise<Taken>;
  readonly now?: () => number;
}

interface Held {
  left: number;
  untilMs: number;
}

/** A thirtieth of a window's allowance is drawn at once: exact where limits are small, cheap where they are large. */
const share = 30;
/** Keys remembered at most; beyond it the oldest are forgotten, which costs a draw. */
const keysMax = 20_000;

/**
 * Takes from a shared count a few at a time, so that not every request writes to the database. What a process holds
 * when it dies, or when the window ends, is lost: at most a thirtieth of the allowance.
 */
export function createLease(options: LeaseOptions): Lease {
  const held = new Map<string, Held>();
  const drawing = new Map<string, Promise<Taken>>();
  const now = options.now ?? Date.now;
  const drawn = Math.max(1, Math.floor(options.perWindow / share));

  function find(key: string): Held | undefined {
    const found = held.get(key);
    if (found === undefined || found.untilMs > now()) return found;
    held.delete(key);
    return undefined;
  }

  function keep(key: string, left: number, untilMs: number): void {
    const before = find(key);
    held.delete(key);
    held.set(key, { left: left + (before?.left ?? 0), untilMs });
    const [oldest] = held.keys();
    if (held.size > keysMax && oldest !== undefined) held.delete(oldest);
  }

  async function drawInto(key: string): Promise<Taken> {
    const taken = await options.draw(key, drawn);
    if (taken.ok) keep(key, drawn, now() + taken.goodForMs);
    return taken;
  }

  /** One draw at a time for each key: a crowd that draws at once would use the window up between them. */
  function drawOnce(key: string): Promise<Taken> {
    const underWay = drawing.get(key);
    if (underWay !== undefined) return underWay;
    const begun = drawInto(key).finally(() => drawing.delete(key));
    drawing.set(key, begun);
    return begun;
  }

  return {
    async take(key) {
      for (;;) {
        const found = find(key);
        if (found !== undefined && found.left > 0) {
          found.left -= 1;
          return { ok: true, goodForMs: found.untilMs - now() };
        }
        const taken = await drawOnce(key);
        if (!taken.ok) return taken;
      }
    },
    giveBack(key) {
      const found = find(key);
      if (found !== undefined) found.left += 1;
    },
  };
}
