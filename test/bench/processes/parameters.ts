/** What a bench process was started with: one JSON text on its command line. */
export function readParameters<P>(): P {
  const [, , text = '{}'] = process.argv;
  return JSON.parse(text) as P;
}

/** Ends this process with the one that started it, or when told to. */
export function followParent(): void {
  process.once('disconnect', () => process.exit(0));
  process.once('SIGTERM', () => process.exit(0));
}
