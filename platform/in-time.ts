/**
 * What work comes to, or `late()` thrown when it takes longer than `ms`. Late work is not ended: it goes on, and what
 * becomes of it is heard by nobody.
 */
export async function inTime<T>(work: Promise<T>, ms: number, late: () => Error): Promise<T> {
  const { promise: over, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late()), ms);
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}
