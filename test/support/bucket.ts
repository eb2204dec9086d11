import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Bucket {
  readonly url: string;
  readonly requests: { readonly method: string; readonly path: string; readonly headers: IncomingHttpHeaders }[];
  /** Answers 403 to everything, as a store does whose keys were changed. */
  refuse(on: boolean): void;
  stop(): Promise<void>;
}

interface Stored {
  readonly bytes: Buffer;
  readonly at: Date;
}

/** A small S3-compatible store: put, get with a range, head, list by prefix, delete. */
export async function startBucket(): Promise<Bucket> {
  const objects = new Map<string, Stored>();
  const requests: Bucket['requests'] = [];
  let isRefusing = false;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push({ method: request.method ?? '', path, headers: request.headers });
    if (isRefusing) response.writeHead(403).end();
    else void answer(objects, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    refuse: (on) => (isRefusing = on),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(objects: Map<string, Stored>, request: IncomingMessage, response: ServerResponse) {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://bucket');
  const body = await buffer(request);
  if (request.method === 'GET' && searchParams.has('list-type')) {
    response.writeHead(200, { 'content-type': 'application/xml' }).end(list(objects, searchParams.get('prefix') ?? ''));
    return;
  }
  if (request.method === 'PUT') objects.set(pathname, { bytes: body, at: new Date() });
  if (request.method === 'DELETE') objects.delete(pathname);
  if (request.method === 'PUT' || request.method === 'DELETE') {
    response.writeHead(request.method === 'PUT' ? 200 : 204).end();
    return;
  }
  const found = objects.get(pathname)?.bytes;
  if (found === undefined) {
    response.writeHead(404).end();
    return;
  }
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const part = first === undefined ? found : found.subarray(Number(first), Number(last) + 1);
  response.writeHead(first === undefined ? 200 : 206, { 'content-length': part.length });
  response.end(request.method === 'HEAD' ? undefined : part);
}

function list(objects: ReadonlyMap<string, Stored>, prefix: string): string {
  const found = [...objects].filter(([path]) => path.replace(/^\/pictures\//, '').startsWith(prefix));
  const contents = found.map(
    ([path, { bytes, at }]) =>
      `<Contents><Key>${path.replace(/^\/pictures\//, '')}</Key><LastModified>${at.toISOString()}</LastModified>` +
      `<ETag>"x"</ETag><Size>${bytes.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
  );
  const listed = `<IsTruncated>false</IsTruncated>${contents.join('')}`;
  return `<?xml version="1.0"?><ListBucketResult>${listed}</ListBucketResult>`;
}
