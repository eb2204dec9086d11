/** Who asked for which payment to be read, one read after another. */
export interface Reads {
  /** Asks for a read that begins after now; answers how to see that it has ended. */
  ask(paymentId: string): () => boolean;
  areAsked(): boolean;
  /** A read begins: of the payment that was asked for first, or of none in particular. */
  begin(): string | undefined;
  end(): void;
}

/**
 * The reads of one order. One that is under way does not count for who asks meanwhile: it may have looked before the
 * thing happened that we are being told of.
 */
export function openReads(): Reads {
  const asked: string[] = [];
  let begunCount = 0;
  let endedCount = 0;

  return {
    ask(paymentId) {
      if (!asked.includes(paymentId)) asked.push(paymentId);
      const number = begunCount + asked.indexOf(paymentId) + 1;
      return () => endedCount >= number;
    },
    areAsked: () => asked.length > 0,
    begin() {
      begunCount += 1;
      return asked.shift();
    },
    end() {
      endedCount += 1;
    },
  };
}
