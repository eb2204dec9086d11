import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { repositoryFolder } from '../support/environment.ts';
import { eventually } from '../support/eventually.ts';
import { testInfrastructure } from '../support/infrastructure.ts';
import { createStory } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { startStarStack } from '../support/star-stack.ts';
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
import { starPaths } from './star-paths.ts';

/*
 * Makes recorded histories anew, on a real server: all of them, or those of the workflows that are named, as in
 * `npm run record-histories -- refund`. After a change of a workflow that is meant, and never to make a
 * failing replay pass while sagas of the old code may still run.
 */

/** Those that never close: their histories end where they wait. */
const endless = new Set(['wallet', 'fragmentSession']);

const workflowTaskCompleted = 7;
const workflowTaskEvents = new Set([5, 6, workflowTaskCompleted]);

/** Waits until a run has closed and the server has written its last event, or until it waits for what comes next. */
async function record(stack: Stack, workflow: string, workflowId: string): Promise<string> {
  const handle = stack.client.workflow.getHandle(workflowId);
  if (endless.has(workflow)) {
    await eventually(async () => {
      const { events } = await handle.fetchHistory();
      const task = events?.findLast(({ eventType }) => workflowTaskEvents.has(Number(eventType)));
      const { raw } = await handle.describe();
      return Number(task?.eventType) === workflowTaskCompleted && (raw.pendingActivities ?? []).length === 0;
    });
    return textOf(handle);
  }
  await eventually(async () => (await handle.describe().catch(() => undefined))?.status.name === 'COMPLETED', {
    withinMs: 30_000,
    everyMs: 50,
  });
  await eventually(async () => {
    const { events } = await handle.fetchHistory();
    return events?.at(-1)?.workflowExecutionCompletedEventAttributes !== undefined;
  });
  return textOf(handle);
}

/** Stack traces name the folder that they were recorded in. */
async function textOf(handle: WorkflowHandle): Promise<string> {
  return `${historyToJSON(await handle.fetchHistory()).replaceAll(repositoryFolder, '')}\n`;
}

type Led = Readonly<Record<string, Readonly<Record<string, () => Promise<string>>>>>;

/** Leads the paths of these workflows one after another, and writes what their histories show. */
async function recordAll(stack: Stack, led: Led, workflows: readonly string[]): Promise<void> {
  for (const [workflow, byName] of Object.entries(led)) {
    if (!workflows.includes(workflow)) continue;
    for (const [name, lead] of Object.entries(byName)) {
      const text = await record(stack, workflow, await lead());
      await writeFile(join(historiesFolder, `${workflow}.${name}.${sdkVersion}.json`), text);
      console.log(`recorded ${workflow}.${name}`);
    }
  }
}

/** The same paths, each with what it is led in. */
function ledIn<Scene>(
  scene: Scene,
  leads: Readonly<Record<string, Readonly<Record<string, (scene: Scene) => Promise<string>>>>>,
): Led {
  return Object.fromEntries(
    Object.entries(leads).map(([workflow, byName]) => [
      workflow,
      Object.fromEntries(Object.entries(byName).map(([name, lead]) => [name, () => lead(scene)])),
    ]),
  );
}

/** The old ones go, but for those of workflows that are not asked for. */
async function makeRoom(workflows: readonly string[]): Promise<void> {
  await mkdir(dirname(listPath), { recursive: true });
  for (const file of await readdir(historiesFolder)) {
    if (workflows.includes(file.split('.')[0] ?? '')) await rm(join(historiesFolder, file));
  }
}

async function main(names: readonly string[]): Promise<void> {
  const workflows = names.length === 0 ? Object.keys({ ...paths, ...starPaths }) : names;
  try {
    await makeRoom(workflows);
    if (workflows.some((name) => name in paths)) await recordOfShop(workflows);
    if (workflows.some((name) => name in starPaths)) await recordOfStars(workflows);
    const histories = await readHistories();
    const hashes = Object.fromEntries(histories.map(({ file, text }) => [file, hashOf(text)]));
    const code = await bundleWithRecorder();
    const commands: Record<string, Commands> = {};
    for (const recorded of histories) commands[recorded.file] = await commandsOf(code, recorded);
    await writeFile(listPath, `${JSON.stringify(hashes, null, 2)}\n`);
    await writeFile(snapshotPath, `${JSON.stringify(commands, null, 2)}\n`);
  } finally {
    await testInfrastructure.stop();
  }
}

async function recordOfShop(workflows: readonly string[]): Promise<void> {
  const desk = await openTelegramDesk();
  const stack = await startStack({ variables: { TELEGRAM_API_URL: desk.url } });
  desk.open(stack);
  try {
    await recordAll(stack, ledIn({ stack, story: createStory(stack), desk }, paths), workflows);
  } finally {
    await desk.close();
    await stack.stop();
    await desk.stop();
  }
}

async function recordOfStars(workflows: readonly string[]): Promise<void> {
  const stars = await startStarStack({ hasty: true });
  try {
    await recordAll(stars.stack, ledIn(stars, starPaths), workflows);
  } finally {
    await stars.stop();
  }
}

await main(process.argv.slice(2));
process.exit(0);
