import { Router } from '@koa/router';
import {
  createApp,
  createSimulator,
  openServer,
  type SimulatorOptions,
  type SimulatorParts,
} from '../simulator-kit.ts';
import { requestFaultsMiddleware } from '../faults.ts';
import { apiRoutes } from './simulator/api.ts';
import { type CallbackJob, createCallbacks } from './simulator/callbacks.ts';
import { controlRoutes } from './simulator/controls.ts';
import { createCredits } from './simulator/credits.ts';
import { createStoredFiles } from './simulator/files.ts';
import { createSettings, type KieSimulatorSettings } from './simulator/options.ts';
import { pageRoutes } from './simulator/page.ts';
import { createPictures } from './simulator/pictures.ts';
import { createRecords } from './simulator/records.ts';
import { createTasks, type SimulatedTask, stateAt } from './simulator/tasks.ts';
import { renewResult, resultAddress, uploadGone, uploadRoutes } from './simulator/uploads.ts';

export interface KieSimulatorOptions extends Omit<SimulatorOptions, 'name'> {
  /** Port of the second origin, for uploads and results; default any free one. */
  readonly uploadPort?: number;
  /** The one API key that is accepted; absent: any key. */
  readonly apiKey?: string;
  /** Signs callbacks with it, as an account with a webhook key does. */
  readonly webhookKey?: string;
  /** The account's credits at the start. */
  readonly credits?: number;
  readonly settings?: Partial<KieSimulatorSettings>;
}

export interface KieSimulator {
  start(): Promise<{ url: string; uploadUrl: string }>;
  stop(): Promise<void>;
}

const startCredits = 100_000;

/**
 * The twin of kie.ai: the API on one origin, uploads and results on a second one, callbacks, a page for a person at
 * `/`, controls under `/_sim`. What a prompt may ask of it stands in `simulator/words.ts`.
 */
export function createKieSimulator(options: KieSimulatorOptions): KieSimulator {
  let uploadUrl = '';
  const simulator = createSimulator({ ...options, name: 'kie' }, (parts) => {
    const built = build(parts, options, () => uploadUrl);
    return {
      ...built.definition,
      async start() {
        const opened = await openUploads(parts, options, built.uploads);
        uploadUrl = opened.url;
        built.onStop(opened.close);
      },
    };
  });
  return {
    async start() {
      const { url } = await simulator.start();
      return { url, uploadUrl };
    },
    stop: () => simulator.stop(),
  };
}

async function openUploads(
  { faults, logger }: SimulatorParts,
  { host, uploadPort }: KieSimulatorOptions,
  routes: ReturnType<typeof uploadRoutes>,
) {
  const app = createApp(logger);
  app.use(requestFaultsMiddleware(faults));
  app.use(routes.routes());
  return openServer(app, { ...(host === undefined ? {} : { host }), port: uploadPort ?? 0 });
}

function build(parts: SimulatorParts, options: KieSimulatorOptions, origin: () => string) {
  const { apiKey, webhookKey, statePath } = options;
  const settings = createSettings(parts.store.collection('settings'), options.settings ?? {});
  const credits = createCredits(parts, options.credits ?? startCredits);
  const tasks = createTasks({ parts, settings, credits });
  const files = createStoredFiles(parts.store.collection('files'), statePath && `${statePath}.files`);
  const uploads = { parts, settings, tasks, files, apiKey, draw: createPictures(settings), origin };
  const records = createRecords({
    credits,
    nowMs: parts.clock.nowMs,
    resultUrl: (task, number, expiresAtMs) => resultAddress(origin(), { task, number, expiresAtMs }),
    resultTtlMs: () => settings.now().resultTtlMs,
  });
  const sendCallback = createCallbacks({
    parts,
    settings,
    tasks,
    records,
    ...(webhookKey === undefined ? {} : { webhookKey }),
  });
  const show = (task: SimulatedTask) => present(task, { records, credits, nowMs: parts.clock.nowMs() });
  const api = apiRoutes({
    parts,
    settings,
    tasks,
    records,
    credits,
    apiKey,
    renewResult: (url) => renewResult(uploads, url),
    uploadGone: (url) => uploadGone(uploads, url),
  });
  const pages = pageRoutes({ clock: parts.clock, tasks, records, credits, filesOrigin: origin });
  const routes = new Router();
  routes.use(api.routes());
  routes.use(pages.routes());
  let close = async () => {};
  return {
    uploads: uploadRoutes(uploads),
    onStop(closing: () => Promise<void>) {
      close = closing;
    },
    definition: {
      routes,
      controls: controlRoutes({ tasks, settings, credits, show }),
      state: () => ({
        tasks: tasks.list().map(show),
        credits: { balance: credits.balance(), entries: credits.entries() },
        settings: settings.now(),
      }),
      reset: () => files.clear(),
      jobs: {
        end: ({ taskId }: { taskId: string }) => tasks.endByItself(taskId),
        callback: (job: CallbackJob) => sendCallback(job),
      },
      stop: () => close(),
    },
  };
}

function present(
  task: SimulatedTask,
  {
    records,
    credits,
    nowMs,
  }: { records: ReturnType<typeof createRecords>; credits: ReturnType<typeof createCredits>; nowMs: number },
): Record<string, unknown> {
  return {
    taskId: task.taskId,
    model: task.model,
    state: stateAt(task, nowMs),
    prompt: task.plan.prompt,
    callBackUrl: task.callBackUrl ?? null,
    pictures: task.end?.pictures ?? task.plan.pictures,
    credits: credits.spentOn(task.taskId),
    resultUrls: records.resultUrls(task),
    failCode: task.end?.failCode ?? '',
    failMsg: task.end?.failMsg ?? '',
    createdAt: new Date(task.createdAtMs).toISOString(),
    endedAt: task.end === undefined ? null : new Date(task.end.atMs).toISOString(),
    callbacks: task.deliveries,
  };
}
