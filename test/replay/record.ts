import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { repositoryFolder } from '../support/environment.ts';
import { eventually } from '../support/eventually.ts';
import { testInfrastructure } from '../support/infrastructure.ts';
import { createStory } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { openTelegramDesk } from '../support/telegram-desk.ts';
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
 * Makes recorded histories anew, on a real server: all of them, or those of the workflows that are named, as in
 * `npm run record-histories -- refund`. After a change of a workflow that is meant, and never to make a
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
  // Stack traces name the folder that they were recorded in.
  return `${historyToJSON(await handle.fetchHistory()).replaceAll(repositoryFolder, '')}\n`;
}

/** The old ones go, but for those of workflows that are not asked for. */
async function makeRoom(workflows: readonly string[]): Promise<void> {
  await mkdir(dirname(listPath), { recursive: true });
  for (const file of await readdir(historiesFolder)) {
    if (workflows.includes(file.split('.')[0] ?? '')) await rm(join(historiesFolder, file));
  }
}

async function main(names: readonly string[]): Promise<void> {
  const workflows = names.length === 0 ? Object.keys(paths) : names;
  const desk = await openTelegramDesk();
  const stack = await startStack({ variables: { TELEGRAM_API_URL: desk.url } });
  const story = createStory(stack);
  desk.open(stack);
  try {
    await makeRoom(workflows);
    for (const [workflow, byName] of Object.entries(paths)) {
      if (!workflows.includes(workflow)) continue;
      for (const [name, lead] of Object.entries(byName)) {
        const workflowId = await lead({ stack, story, desk });
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
    await desk.close();
    await stack.stop();
    await desk.stop();
    await testInfrastructure.stop();
  }
}

await main(process.argv.slice(2));
process.exit(0);
