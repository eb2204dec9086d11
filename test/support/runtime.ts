import { Runtime } from '@temporalio/worker';
import { installRuntime } from '../../workers/runtime.ts';
import { silent } from './log.ts';

let installed: Promise<unknown> | undefined;

/** Sets up the SDK's core for tests: silent, and once per process. */
export async function installTestRuntime(): Promise<void> {
  await (installed ??= installRuntime(silent));
}

/** Ends the core, without which a process that hosted no worker would never end. */
export async function endTestRuntime(): Promise<void> {
  await installed;
  if (installed !== undefined) await Runtime.instance().shutdown();
  installed = undefined;
}
