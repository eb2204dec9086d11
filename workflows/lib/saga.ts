import { ApplicationFailure, CancellationScope, log } from '@temporalio/workflow';

/** Puts one step back. It must be safe when the step never happened: the undo is registered before the do. */
type Undo<Reason> = (reason: Reason) => Promise<void>;

export interface Saga<Reason> {
  /** Registers the undo of a step, before the step. */
  beforeDoing(step: string, undo: Undo<Reason>): void;
  /** Nothing is left to put back: the act is done. */
  commit(): void;
  /**
   * Puts everything back, last step first, where no cancellation reaches. Only for a definite refusal: an unknown
   * outcome parks instead. An undo that fails raises a case for a person, and the others go on.
   */
  undoAll(reason: Reason): Promise<void>;
}

export interface SagaOptions {
  /** Tells a person that an undo failed, with the evidence. */
  raiseCase(evidence: { step: string; error: string }): Promise<void>;
}

/**
 * One saga's list of undos. It lives in the workflow's function, never in a module: modules are shared by workflows.
 */
export function openSaga<Reason>(options: SagaOptions): Saga<Reason> {
  let undos: { step: string; undo: Undo<Reason> }[] = [];

  async function undoOne(step: string, undo: Undo<Reason>, reason: Reason): Promise<void> {
    try {
      await undo(reason);
    } catch (error) {
      log.error('an undo failed', { step, error: describe(error) });
      await options.raiseCase({ step, error: describe(error) });
    }
  }

  return {
    beforeDoing(step, undo) {
      undos.push({ step, undo });
    },
    commit() {
      undos = [];
    },
    async undoAll(reason) {
      const pending = undos.toReversed();
      undos = [];
      await CancellationScope.nonCancellable(async () => {
        for (const { step, undo } of pending) await undoOne(step, undo, reason);
      });
    },
  };
}

/** What a person may read of an error: its type, or its message. */
export function describe(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof ApplicationFailure) return cause.type ?? cause.message;
  return cause instanceof Error ? cause.message : String(cause);
}
