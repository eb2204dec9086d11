import { Secret } from '../../platform/secret.ts';
import type { FaultRule } from '../../providers/faults.ts';
import { createHttp } from '../../providers/http.ts';
import { createKieClient } from '../../providers/kie/client.ts';
import { createKieSimulator, type KieSimulatorOptions } from '../../providers/kie/simulator.ts';
import type { GenerationProvider, GenerationRequest } from '../../providers/ports.ts';
import { silent } from './log.ts';

export const studioKey = 'demo-kie-key';

export interface Studio {
  readonly url: string;
  readonly uploadUrl: string;
  readonly client: GenerationProvider;
  /** The API or the upload host as any HTTP client sees it, with our key unless other headers are given. */
  call(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<KieAnswer>;
  /** A control under `/_sim`. */
  control(path: string, body?: unknown): Promise<unknown>;
  faults(...rules: (Omit<FaultRule, 'times' | 'on'> & { times?: number; on?: FaultRule['on'] })[]): Promise<unknown>;
  /** Everything the simulator holds. */
  state(): Promise<KieState>;
  /** How often the fault rules in force have struck. */
  hits(): Promise<number>;
  stop(): Promise<void>;
}

/** An envelope, or the text of an answer that is none. */
export interface KieBody {
  readonly code?: number;
  readonly msg?: string;
  readonly success?: boolean;
  readonly data?: unknown;
  readonly text?: string;
}

export interface KieState {
  readonly tasks: readonly {
    readonly taskId: string;
    readonly state: string;
    readonly prompt: string;
    readonly callBackUrl: string | null;
    readonly resultUrls: readonly string[];
    readonly callbacks: readonly { readonly at: string; readonly status: number | null }[];
  }[];
  readonly credits: { readonly balance: number; readonly entries: readonly { readonly change: number }[] };
}

export interface KieAnswer {
  readonly status: number;
  readonly body: KieBody;
  readonly headers: Headers;
}

/** A picture of a fox, ordered in the simplest way. */
export const wish: GenerationRequest = {
  model: 'google/nano-banana',
  prompt: 'A red fox in the morning tram',
  imageUrls: [],
  options: { aspect_ratio: '1:1', output_format: 'png' },
  callbackUrl: 'http://127.0.0.1:9/webhooks/kie/nobody',
};

/**
 * A simulator of kie.ai that is quick and shows tasks at once, our client for it, and a plain HTTP client beside it.
 */
export async function openStudio(options: Partial<KieSimulatorOptions> = {}): Promise<Studio> {
  const simulator = createKieSimulator({
    logger: silent,
    apiKey: studioKey,
    ...options,
    settings: { delayMs: 50, propagationMs: 0, createMax: 0, callbackRetryMs: [50, 50], ...options.settings },
  });
  const { url, uploadUrl } = await simulator.start();
  const client = createClient(url, uploadUrl);
  const call: Studio['call'] = async (path, body, headers) => {
    const answer = await fetch(path.startsWith('http') ? path : url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: headers ?? { authorization: `Bearer ${studioKey}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, headers: answer.headers, body: parse(await answer.text()) };
  };
  const control: Studio['control'] = async (path, body) => {
    const answer = await fetch(`${url}/_sim${path}`, { method: 'POST', body: JSON.stringify(body ?? {}) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  return {
    url,
    uploadUrl,
    client,
    call,
    control,
    faults: (...rules) => control('/faults', { rules: rules.map((rule) => ({ on: 'request', ...rule })) }),
    hits: async () => {
      const { rules } = (await (await fetch(`${url}/_sim/faults`)).json()) as { rules: { hits: number }[] };
      return rules.reduce((sum, rule) => sum + rule.hits, 0);
    },
    state: async () => (await (await fetch(`${url}/_sim/state`)).json()) as KieState,
    stop: () => simulator.stop(),
  };
}

/** Our client for a kie.ai at some address, with a breaker that does not open under a test's failures. */
export function createClient(apiUrl: string, uploadUrl: string, apiKey: string = studioKey): GenerationProvider {
  const http = () => createHttp({ provider: 'kie', logger: silent, breaker: { failures: 1_000 } });
  return createKieClient({ apiUrl, uploadUrl, apiKey: new Secret(apiKey), http: http(), filesHttp: http() });
}

function parse(text: string): KieBody {
  try {
    return JSON.parse(text) as KieBody;
  } catch {
    return { text };
  }
}

/** The fields of an answer's `data`. */
export function dataOf({ body }: KieAnswer): Record<string, unknown> {
  return body.data as Record<string, unknown>;
}
