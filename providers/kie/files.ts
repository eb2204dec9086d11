import { randomUUID } from 'node:crypto';
import { fileTypeFromBuffer } from 'file-type';
import { limits } from '../../core/limits.ts';
import { done, notSent, refused, unknown, type Outcome } from '../../core/result.ts';
import type { Http, HttpAnswer } from '../http.ts';
import type { GenerationProvider } from '../ports.ts';
import { isLoopbackUrl, mayBePublic, publicLookup } from '../public-address.ts';
import type { KieCall, KieOptions } from './call.ts';
import { judgeRead } from './codes.ts';
import { uploadedSchema } from './schema.ts';

interface FilesOptions extends Pick<KieOptions, 'apiUrl' | 'uploadUrl' | 'filesHttp'> {
  readonly call: KieCall;
}

type Picture = { readonly bytes: Uint8Array; readonly mime: string };
type Image = Parameters<GenerationProvider['uploadImage']>[0];

const fileDeadlineMs = 60_000;
const readDeadlineMs = 15_000;
const redirectsMax = 3;

/** Files at kie.ai: pictures put where a task can fetch them, and results taken home. */
export function createFiles(options: FilesOptions): Pick<GenerationProvider, 'uploadImage' | 'download'> {
  // Where the API itself is on this machine (the simulator), its results are too; a real result never is.
  const fetching = { http: options.filesHttp, privateAllowed: isLoopbackUrl(options.apiUrl) };
  return {
    uploadImage: (image) => uploadImage(options, image),
    async download(url) {
      const first = await fetchPicture(fetching, url);
      if (first.outcome !== 'refused' || first.code !== 'gone') return first;
      const fresh = await freshAddress(options, url);
      return fresh.outcome === 'done' ? fetchPicture(fetching, fresh.value) : fresh;
    },
  };
}

/** A name used twice would overwrite the file behind a cache, so each upload has its own. */
async function uploadImage(options: FilesOptions, image: Image): Promise<Outcome<{ url: string }>> {
  const fileName = `${randomUUID()}-${image.fileName.replace(/[^\w.-]/g, '_').slice(-80)}`;
  const { body, contentType } = multipart({ ...image, fileName });
  const url = `${options.uploadUrl}/api/file-stream-upload`;
  const request = { method: 'POST', url, body, contentType, deadlineMs: fileDeadlineMs, via: options.filesHttp };
  const answered = await options.call(request);
  if (answered.outcome !== 'done') return answered;
  const judged = judgeRead(answered.value);
  if (judged !== undefined) return judged;
  const uploaded = uploadedSchema.safeParse(answered.value.envelope?.data);
  return uploaded.success && uploaded.data !== undefined ? done({ url: uploaded.data }) : unknown('unreadable_answer');
}

function multipart(image: Image): { body: Uint8Array; contentType: string } {
  const boundary = `holdfast-${randomUUID()}`;
  const field = (name: string, value: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const type = `content-type: ${image.mime}`;
  const file = `content-disposition: form-data; name="file"; filename="${image.fileName}"\r\n${type}`;
  const head = `${field('uploadPath', 'holdfast')}${field('fileName', image.fileName)}--${boundary}\r\n${file}\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), image.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return { body, contentType: `multipart/form-data; boundary=${boundary}` };
}

/** Result addresses die early; kie.ai gives a new one, good for 20 minutes, while it keeps the file. */
async function freshAddress(options: FilesOptions, url: string): Promise<Outcome<string>> {
  const answered = await options.call({
    method: 'POST',
    url: `${options.apiUrl}/api/v1/common/download-url`,
    contentType: 'application/json',
    body: JSON.stringify({ url }),
    deadlineMs: readDeadlineMs,
  });
  if (answered.outcome !== 'done') return answered;
  const judged = judgeRead(answered.value);
  if (judged?.outcome === 'refused') return refused('gone', 'the result is no longer at kie.ai');
  const data = answered.value.envelope?.data;
  return judged ?? (typeof data === 'string' ? done(data) : unknown('unreadable_answer'));
}

interface Fetching {
  readonly http: Http;
  readonly privateAllowed: boolean;
}

/** Follows a few redirects, each judged like the first address; no key of ours is sent to a file host. */
async function fetchPicture({ http, privateAllowed }: Fetching, address: string): Promise<Outcome<Picture>> {
  let next = address;
  for (let hop = 0; hop <= redirectsMax; hop += 1) {
    const url = URL.canParse(next) ? new URL(next) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol)) return refused('bad_url', 'not an http or https address');
    if (!privateAllowed && !mayBePublic(url)) return privateAddress();
    const answered = await http.send({
      method: 'GET',
      url: url.href,
      deadlineMs: fileDeadlineMs,
      maxBytes: limits.pictureBytesMax,
      route: 'result',
      ...(privateAllowed ? {} : { lookup: publicLookup }),
    });
    if (answered.outcome === 'not_sent' && answered.reason === 'private_address') return privateAddress();
    if (answered.outcome === 'unknown' && answered.reason === 'answer_too_large') {
      return refused('too_large', `the picture has more than ${limits.pictureBytesMax} bytes`);
    }
    if (answered.outcome !== 'done') return answered;
    const location = redirectOf(answered.value, url);
    if (location === undefined) return pictureOf(answered.value);
    next = location;
  }
  return refused('too_many_redirects', `more than ${redirectsMax} redirects`);
}

function privateAddress(): Outcome<never> {
  return refused('private_address', 'the result is not at a public address');
}

function redirectOf(answer: HttpAnswer, from: URL): string | undefined {
  const location = answer.headers['location'];
  if (answer.status < 300 || answer.status > 399 || location === undefined) return undefined;
  return URL.canParse(location, from.href) ? new URL(location, from.href).href : location;
}

async function pictureOf(answer: HttpAnswer): Promise<Outcome<Picture>> {
  const { status, bytes } = answer;
  if (status === 403 || status === 404 || status === 410) return refused('gone', `the result host answered ${status}`);
  if (status === 429) return notSent('rate_limited');
  if (status !== 200) return unknown(`status_${status}`);
  const type = await fileTypeFromBuffer(bytes);
  if (type === undefined || !type.mime.startsWith('image/'))
    return refused('not_a_picture', 'the result is no picture');
  return done({ bytes, mime: type.mime });
}
