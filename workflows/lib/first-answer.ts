import { condition } from '@temporalio/workflow';

/** A value that becomes known once, and that any number of updates may wait for. */
export interface FirstAnswer<T> {
  give(value: T): void;
  wait(): Promise<T>;
}

/** The first answer of a saga: the main function gives it, the update `place` waits for it. The first value stays. */
export function firstAnswer<T>(): FirstAnswer<T> {
  let given: { value: T } | undefined;
  return {
    give(value) {
      given ??= { value };
    },
    async wait() {
      await condition(() => given !== undefined);
      return (given as { value: T }).value;
    },
  };
}
