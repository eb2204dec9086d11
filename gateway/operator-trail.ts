import type { NewOperatorAction, OperatorActions } from '../db/operator-actions.ts';
import type { Logger } from '../platform/logger.ts';

export interface OperatorTrailDeps {
  readonly actions: Pick<OperatorActions, 'begin' | 'finish'>;
  readonly logger: Logger;
}

/** What an operator asks for, and how its line in the trail is answered; undefined: what came of it is not known. */
export interface OperatorAct<T> {
  readonly line: NewOperatorAction;
  run(): Promise<T>;
  answerOf(done: T): string | undefined;
  /** Of an error that is itself an answer, such as a refusal. */
  refusalOf?(error: unknown): string | undefined;
}

/**
 * Does what an operator asks for between the two halves of its line in the trail, wherever they ask: the line is there
 * before the act, which is not done when it cannot be written; its answer follows. A process that dies in between
 * leaves a line without an answer.
 */
export async function keepInTrail<T>({ actions, logger }: OperatorTrailDeps, act: OperatorAct<T>): Promise<T> {
  const line = await actions.begin(act.line);
  try {
    const done = await act.run();
    await finish(act.answerOf(done));
    return done;
  } catch (error) {
    await finish(act.refusalOf?.(error));
    throw error;
  }

  /** The act is done, whether or not this can be written: its answer is not held back. */
  async function finish(answer: string | undefined): Promise<void> {
    if (answer === undefined) return;
    await actions.finish(line, answer).catch((error: unknown) => {
      logger.error({ err: error, line: String(line) }, 'the trail has no answer for an act');
    });
  }
}
