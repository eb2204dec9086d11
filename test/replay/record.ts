import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { eventually } from '../support/eventually.ts';
import { testInfrastructure } from '../support/infrastructure.ts';
import { createStory } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';
import {
  bundleWithRecorder,
  type Commands,
  commandsOf,
  hashOf,
  historiesFolder,
  listPath,
  readHistories,
  sdkVersion,
  snapshotPath,
} from './histories.ts';
import { paths } from './paths.ts';

/*
 * Makes all recorded histories anew, on a real server: after a change of a workflow that is meant, and never to make a
 * failing replay pass while sagas of the old code may still run.
 */

/** Waits until a run has closed and the server has written its last event. */
async function record(stack: Stack, workflowId: string): Promise<string> {
  const handle = stack.client.workflow.getHandle(workflowId);
  await eventually(async () => (await handle.describe().catch(() => undefined))?.status.name === 'COMPLETED', {
    withinMs: 30_000,
    everyMs: 50,
  });
  await eventually(async () => {
    const { events } = await handle.fetchHistory();
    return events?.at(-1)?.workflowExecutionCompletedEventAttributes !== undefined;
  });
  return `${historyToJSON(await handle.fetchHistory())}\n`;
}

async function main(): Promise<void> {
  const stack = await startStack();
  const story = createStory(stack);
  try {
    await rm(historiesFolder, { recursive: true, force: true });
    await mkdir(dirname(listPath), { recursive: true });
    for (const [workflow, byName] of Object.entries(paths)) {
      for (const [name, lead] of Object.entries(byName)) {
        const workflowId = await lead({ stack, story });
        const text = await record(stack, workflowId);
        await writeFile(join(historiesFolder, `${workflow}.${name}.${sdkVersion}.json`), text);
        console.log(`recorded ${workflow}.${name}`);
      }
    }
    const histories = await readHistories();
    const hashes = Object.fromEntries(histories.map(({ file, text }) => [file, hashOf(text)]));
    const code = await bundleWithRecorder();
    const commands: Record<string, Commands> = {};
    for (const recorded of histories) commands[recorded.file] = await commandsOf(code, recorded);
    await writeFile(listPath, `${JSON.stringify(hashes, null, 2)}\n`);
    await writeFile(snapshotPath, `${JSON.stringify(commands, null, 2)}\n`);
  } finally {
    await stack.stop();
    await testInfrastructure.stop();
  }
}

await main();
process.exit(0);
