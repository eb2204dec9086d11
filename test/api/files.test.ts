import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createBlobs } from '../../platform/blob-store.ts';
import { createSignedNames } from '../../platform/signed-names.ts';
import { startTestApi, type TestApi } from '../support/api.ts';

const content = Buffer.from(Array.from({ length: 1_000 }, (_, index) => index % 251));

describe('files', () => {
  let api: TestApi;
  let blobKey: string;
  let shiftMs = 0;

  before(async () => {
    api = await startTestApi({ now: () => new Date(Date.now() + shiftMs) });
    blobKey = await createBlobs(api.config.blobs).put(content);
  });

  after(() => api.stop());

  function nameOf(extension: string, key = blobKey): string {
    const names = createSignedNames({ secret: api.config.filesSecret.reveal(), lifetimeMs: 3_600_000 });
    return names.sign({ blobKey: key, extension }, new Date());
  }

  function get(name: string, headers: Record<string, string> = {}, method = 'GET') {
    return fetch(`${api.url}/files/${name}`, { method, headers });
  }

  it('are served whole under their signed name, as pictures that cannot be anything else', async () => {
    const answer = await get(nameOf('png'));
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'image/png');
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.match(answer.headers.get('content-disposition') ?? '', /^inline/);
    assert.match(answer.headers.get('cache-control') ?? '', /^private/);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), content);
  });

  it('U3: of a kind that is no picture are attachments', async () => {
    for (const extension of ['bin', 'html', 'svg']) {
      const answer = await get(nameOf(extension));
      assert.match(answer.headers.get('content-disposition') ?? '', /^attachment/);
      assert.equal(answer.headers.get('content-type'), 'application/octet-stream');
      await answer.body?.cancel();
    }
  });

  it('are served in parts', async () => {
    const cases: readonly [string, number, number][] = [
      ['bytes=0-9', 0, 9],
      ['bytes=990-', 990, 999],
      ['bytes=-10', 990, 999],
      ['bytes=500-5000', 500, 999],
    ];
    for (const [range, start, end] of cases) {
      const answer = await get(nameOf('png'), { range });
      assert.equal(answer.status, 206);
      assert.equal(answer.headers.get('content-range'), `bytes ${start}-${end}/1000`);
      assert.deepEqual(Buffer.from(await answer.arrayBuffer()), content.subarray(start, end + 1));
    }
    const beyond = await get(nameOf('png'), { range: 'bytes=1000-' });
    assert.equal(beyond.status, 416);
    assert.equal(beyond.headers.get('content-range'), 'bytes */1000');
  });

  it('answer HEAD with their size, and a known tag with 304', async () => {
    const head = await get(nameOf('png'), {}, 'HEAD');
    assert.deepEqual([head.status, head.headers.get('content-length')], [200, '1000']);
    const again = await get(nameOf('png'), { 'if-none-match': head.headers.get('etag') ?? '' });
    assert.equal(again.status, 304);
  });

  it('A7: are a 404 under any name that was not signed, for whoever asks', async () => {
    const name = nameOf('png');
    const wrong = [
      name.replace('.png', '.jpg'),
      blobKey,
      `${blobKey}.png`,
      name.replace(/^../, '00'),
      '..%2f..%2fetc%2fpasswd',
      nameOf('png', createHash('sha256').update('not there').digest('hex')),
    ];
    for (const guess of wrong) assert.equal((await get(guess)).status, 404, guess);
  });

  it('are a 404 after their hour', async () => {
    const name = nameOf('png');
    shiftMs = 2 * 3_600_000;
    assert.equal((await get(name)).status, 404);
    shiftMs = 0;
  });
});
