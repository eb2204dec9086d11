import type { Logger } from '../platform/logger.ts';

/** Deliveries of facts that have just been stored. */
export interface Deliveries {
  /** Begins the delivery of a stream and does not wait; what fails or does not fit in is left to the pump. */
  begin(streamKey: string, logger: Logger): void;
  /** Resolves when none is under way. */
  settled(): Promise<void>;
}

/**
 * Delivers at once beside the pump, never instead of it. No more than `atOnceMax` are under way; what comes beside them
 * is left to the pump, which a crowd reaches a moment later.
 */
export function createDeliveries(deliver: (streamKey: string) => Promise<unknown>, atOnceMax: number): Deliveries {
  const underWay = new Set<Promise<void>>();

  async function run(streamKey: string, logger: Logger): Promise<void> {
    try {
      await deliver(streamKey);
    } catch (error) {
      logger.warn({ err: error, streamKey }, 'not delivered yet; the pump will');
    }
  }

  return {
    begin(streamKey, logger) {
      if (underWay.size >= atOnceMax) return;
      const running = run(streamKey, logger);
      underWay.add(running);
      void running.then(() => underWay.delete(running));
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
