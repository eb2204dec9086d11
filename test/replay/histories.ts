import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { payloadConverterPath } from '../../gateway/connection.ts';
import { workflowsPath } from '../../workers/wiring.ts';
import { repositoryFolder } from '../support/environment.ts';
import { installTestRuntime } from '../support/runtime.ts';

export interface RecordedHistory {
  /** `<workflow>.<path>.<version of the SDK that wrote it>.json`. */
  readonly file: string;
  readonly workflow: string;
  readonly text: string;
  readonly history: unknown;
}

/** What a workflow asked for, in order: activities with their input, and at the end its search attributes. */
export type Commands = readonly (readonly [what: string, input: unknown])[];

export const historiesFolder = join(repositoryFolder, 'test', 'replay', 'histories');
export const listPath = join(historiesFolder, 'expected', 'list.json');
export const snapshotPath = join(historiesFolder, 'expected', 'commands.json');

export const sdkVersion = (createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string })
  .version;

export async function readHistories(): Promise<RecordedHistory[]> {
  const files = (await readdir(historiesFolder)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(historiesFolder, file), 'utf8');
      return { file, workflow: file.split('.')[0] ?? '', text, history: JSON.parse(text) as unknown };
    }),
  );
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Bundles workflows with the recorder of their commands. Default: the real ones. */
export async function bundleWithRecorder(entry: string = workflowsPath): Promise<string> {
  const { code } = await bundleWorkflowCode({
    logger: new DefaultLogger('ERROR'),
    workflowsPath: entry,
    payloadConverterPath,
    workflowInterceptorModules: [fileURLToPath(new URL('./recorder.ts', import.meta.url))],
  });
  return code;
}

/** Replays a history; throws what the SDK throws when the code no longer fits it. */
export async function replay(
  bundle: { code: string } | { codePath: string },
  recorded: RecordedHistory,
): Promise<void> {
  await installTestRuntime();
  await Worker.runReplayHistory({ workflowBundle: bundle, dataConverter: { payloadConverterPath } }, recorded.history);
}

/** Replays a history and answers what the code asks for on its way, with the inputs that no replay looks at. */
export async function commandsOf(code: string, recorded: RecordedHistory): Promise<Commands> {
  await installTestRuntime();
  const commands: [string, unknown][] = [];
  const asked = {
    fn: (_info: unknown, what: string, input: unknown) => void commands.push([what, input]),
    callDuringReplay: true,
  };
  const options = { workflowBundle: { code }, dataConverter: { payloadConverterPath }, sinks: { recorder: { asked } } };
  await Worker.runReplayHistory(options, recorded.history);
  return JSON.parse(JSON.stringify(commands)) as Commands;
}
