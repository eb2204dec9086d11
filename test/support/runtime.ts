import { installRuntime } from '../../workers/runtime.ts';
import { silent } from './log.ts';

let installed: Promise<unknown> | undefined;

/** Sets up the SDK's core for tests: silent, and once per process. */
export async function installTestRuntime(): Promise<void> {
  await (installed ??= installRuntime(silent));
}
