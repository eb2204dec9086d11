import { Agent, request } from 'node:http';

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpClient {
  /** Throws for every answer but the wanted status. */
  call(call: HttpCall, wantedStatus?: number): Promise<HttpAnswer>;
  close(): void;
}

/** A thin client over kept connections, so that its own cost weighs little beside the server's. */
export function createHttpClient(origin: string): HttpClient {
  const agent = new Agent({ keepAlive: true });
  return {
    async call(call, wantedStatus = 200) {
      const answer = await send(origin, agent, call);
      if (answer.status !== wantedStatus) throw new Error(`${call.path} answered ${answer.status}: ${answer.text}`);
      return answer;
    },
    close: () => agent.destroy(),
  };
}

function send(origin: string, agent: Agent, { method, path, headers = {}, body }: HttpCall): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const json =
      body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const outgoing = request(`${origin}${path}`, { method, agent, headers: { ...headers, ...json } }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      incoming.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
