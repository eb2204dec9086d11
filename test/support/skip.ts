const reasons = new WeakMap<object, string>();

/** Skips the running test or, in a `before` hook, all tests of its `describe`; the test command reports the reason. */
export function skip(context: Mocha.Context, reason: string): never {
  const runnable = context.runnable();
  if ('type' in runnable && runnable.type === 'hook' && runnable.parent) reasons.set(runnable.parent, reason);
  else reasons.set(runnable, reason);
  return context.skip();
}

/** Why a test was skipped, as far as it was said. */
export function skipReason(test: Mocha.Test): string {
  for (let part: Mocha.Test | Mocha.Suite | undefined = test; part; part = part.parent) {
    const reason = reasons.get(part);
    if (reason !== undefined) return reason;
  }
  return 'no reason given';
}
