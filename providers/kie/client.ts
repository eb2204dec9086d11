import { done, refused, unknown, type Outcome } from '../../core/result.ts';
import type { HttpAnswer } from '../http.ts';
import type { GenerationProvider, GenerationRequest, GenerationTask } from '../ports.ts';
import type { KieCall, KieOptions } from './call.ts';
import { judgeCreate, judgeRead, retryAfterMs, shortMessage } from './codes.ts';
import { createFiles } from './files.ts';
import {
  createdSchema,
  creditsSchema,
  parseCallbackUrl,
  parseEnvelope,
  parseResultUrls,
  recordSchema,
} from './schema.ts';
import type { TaskRecord } from './schema.ts';

const createDeadlineMs = 30_000;
const readDeadlineMs = 15_000;
/** Codes are three digits; what else stands there is cut. */
const failCodeMax = 40;

/** Without a browser's name Cloudflare answers 403 `error code: 1010`. */
const userAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Holdfast/0.1';

/**
 * The client of kie.ai. Success and failure are read from the body, since HTTP is 200 for both; what a code means is
 * decided once, in `codes.ts`. Nothing here throws for what the provider or the network does.
 */
export function createKieClient(options: KieOptions): GenerationProvider {
  const call = createCall(options);
  const { uploadImage, download } = createFiles({ ...options, call });

  return {
    name: 'kie',
    uploadImage,
    download,
    submit: (request) => submit(call, options.apiUrl, request),
    read: (taskId) => readTask(call, options.apiUrl, taskId),
    async balance() {
      const url = `${options.apiUrl}/api/v1/chat/credit`;
      const answered = await call({ method: 'GET', url, deadlineMs: readDeadlineMs });
      if (answered.outcome !== 'done') return answered;
      const credits = creditsSchema.safeParse(answered.value.envelope?.data);
      return judgeRead(answered.value) ?? (credits.success ? done(credits.data) : unknown('unreadable_answer'));
    },
  };
}

function createCall({ apiKey, http }: KieOptions): KieCall {
  return async ({ contentType, via = http, ...request }) => {
    const answered = await via.send({
      ...request,
      isUnwell,
      headers: {
        authorization: `Bearer ${apiKey.reveal()}`,
        accept: 'application/json',
        'user-agent': userAgent,
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
      },
    });
    if (answered.outcome !== 'done') return answered;
    const { status, headers } = answered.value;
    const text = answered.value.text();
    const waitMs = retryAfterMs(headers['retry-after'], Date.now());
    return done({
      status,
      text,
      envelope: parseEnvelope(text),
      ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    });
  };
}

/** HTTP says 200 even when kie.ai is down, so that the breaker has to look into the body. */
function isUnwell(answer: HttpAnswer): boolean {
  const code = parseEnvelope(answer.text())?.code;
  return code === 500 || code === 455;
}

/**
 * The one call that costs money and knows no idempotency: a fresh connection, so that a reset of an idle socket is not
 * taken for a lost answer, and no second try of any kind.
 */
async function submit(call: KieCall, apiUrl: string, request: GenerationRequest): Promise<Outcome<{ taskId: string }>> {
  const answered = await call({
    method: 'POST',
    url: `${apiUrl}/api/v1/jobs/createTask`,
    contentType: 'application/json',
    body: createBody(request),
    deadlineMs: createDeadlineMs,
    freshConnection: true,
  });
  if (answered.outcome !== 'done') return answered;
  const created = createdSchema.safeParse(answered.value.envelope?.data);
  const judged = judgeCreate(answered.value);
  return judged ?? (created.success ? done({ taskId: created.data.taskId }) : unknown('no_task_id'));
}

function createBody(request: GenerationRequest): string {
  const { imageField, imageUrls } = request;
  const images = imageField === undefined || imageUrls.length === 0 ? {} : { [imageField]: imageUrls };
  return JSON.stringify({
    model: request.model,
    callBackUrl: request.callbackUrl,
    input: { prompt: request.prompt, ...request.options, ...images },
  });
}

async function readTask(call: KieCall, apiUrl: string, taskId: string): Promise<Outcome<GenerationTask>> {
  const url = `${apiUrl}/api/v1/jobs/recordInfo?taskId=${encodeURIComponent(taskId)}`;
  const answered = await call({ method: 'GET', url, deadlineMs: readDeadlineMs });
  if (answered.outcome !== 'done') return answered;
  const { envelope } = answered.value;
  // Both codes may also stand at the level of the envelope, and end the task there.
  if (envelope?.code === 501 || envelope?.code === 408) {
    return done({ state: 'failed', taskId, code: String(envelope.code), message: shortMessage(envelope.message) });
  }
  const judged = judgeRead(answered.value);
  if (judged !== undefined) return judged;
  if (envelope?.data === null) return refused('not_found', 'kie.ai has no record of this task');
  const record = recordSchema.safeParse(envelope?.data);
  return record.success ? taskOf(taskId, record.data) : unknown('unreadable_answer');
}

function taskOf(taskId: string, record: TaskRecord): Outcome<GenerationTask> {
  if (record.taskId !== taskId) return unknown('another_task');
  const callbackUrl = parseCallbackUrl(record.param);
  const common = { taskId, ...(callbackUrl === undefined ? {} : { callbackUrl }) };
  switch (record.state) {
    case 'waiting':
    case 'queuing':
    case 'generating': {
      const progress = record.progress ?? undefined;
      return done({
        state: 'running',
        phase: record.state,
        ...common,
        ...(progress === undefined ? {} : { progress }),
      });
    }
    case 'success': {
      const resultUrls = parseResultUrls(record.resultJson);
      if (resultUrls === undefined) return unknown('success_without_results');
      const credits = record.creditsConsumed ?? undefined;
      const cost = credits === undefined ? {} : { providerCredits: credits };
      return done({ state: 'succeeded', resultUrls, ...common, ...cost });
    }
    case 'fail':
      return done({
        state: 'failed',
        code: shortMessage(record.failCode ?? '', failCodeMax) || '501',
        message: shortMessage(record.failMsg ?? ''),
        ...common,
      });
    default:
      return unknown('unknown_state');
  }
}
