import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createBlobs } from '../../platform/blob-store.ts';
import type { Blobs } from '../../platform/blobs.ts';
import { Secret } from '../../platform/secret.ts';
import { type Bucket, startBucket } from '../support/bucket.ts';

const fox = Buffer.from('a picture of a fox');
const foxKey = createHash('sha256').update(fox).digest('hex');

describe('blobs', () => {
  let folder: string;
  let bucket: Bucket;
  let stores: readonly [string, Blobs][];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-blobs-'));
    bucket = await startBucket();
    const [accessKey, secretKey] = [new Secret('access-key'), new Secret('secret-key')];
    const s3 = { kind: 's3', endpoint: bucket.url, bucket: 'pictures', region: 'auto', accessKey, secretKey } as const;
    stores = [
      ['a folder', createBlobs({ kind: 'files', folder: join(folder, 'blobs') })],
      ['a bucket', createBlobs(s3)],
    ];
  });

  after(async () => {
    await bucket.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are named by their content and come back as they went', async () => {
    for (const [kind, blobs] of stores) {
      assert.equal(await blobs.put(fox), foxKey, kind);
      assert.equal(await blobs.put(fox), foxKey, kind);
      assert.deepEqual(await blobs.read(foxKey), fox, kind);
      assert.equal(await blobs.size(foxKey), fox.length, kind);
    }
  });

  it('are read in parts', async () => {
    for (const [kind, blobs] of stores) {
      const stream = await blobs.stream(foxKey, { start: 2, end: 8 });
      assert.ok(stream, kind);
      assert.equal((await buffer(stream)).toString(), 'picture', kind);
    }
  });

  it('that are not there are undefined, and no other name becomes a path', async () => {
    for (const [kind, blobs] of stores) {
      const missing = 'f'.repeat(64);
      assert.equal(await blobs.read(missing), undefined, kind);
      assert.equal(await blobs.size(missing), undefined, kind);
      assert.equal(await blobs.stream(missing, { start: 0, end: 1 }), undefined, kind);
      for (const name of ['../../etc/passwd', '', `${foxKey}/..`]) {
        await assert.rejects(blobs.read(name), /not the key/, kind);
      }
    }
  });

  it('are taken over from a file, which is gone afterwards', async () => {
    for (const [kind, blobs] of stores) {
      const path = join(folder, 'incoming');
      writeFileSync(path, fox);
      assert.equal(await blobs.putFile(path), foxKey, kind);
      assert.equal(existsSync(path), false, kind);
    }
  });

  it('are removed, but not when somebody has just stored the same again', async () => {
    for (const [kind, blobs] of stores) {
      assert.equal(await blobs.remove(foxKey, 60_000), false, kind);
      assert.equal(await blobs.remove(foxKey, -60_000), true, kind);
      assert.equal(await blobs.size(foxKey), undefined, kind);
      assert.equal(await blobs.remove(foxKey, 0), false, kind);
    }
  });

  it('in a folder are renewed by being stored again, and leave no half files', async () => {
    const [, blobs] = stores[0]!;
    await blobs.put(fox);
    const path = join(folder, 'blobs', foxKey.slice(0, 2), foxKey);
    utimesSync(path, 1, 1);
    await blobs.put(fox);
    assert.ok(statSync(path).mtimeMs > Date.now() - 60_000);
    assert.deepEqual(readdirSync(join(folder, 'blobs', foxKey.slice(0, 2))), [foxKey]);
  });

  it('in a bucket are asked for with a signature, and the secret is in no request', () => {
    assert.ok(bucket.requests.length > 5);
    for (const { headers } of bucket.requests) assert.match(String(headers['authorization']), /^AWS4-HMAC-SHA256 /);
    assert.ok(!JSON.stringify(bucket.requests).includes('secret-key'));
  });

  it('in a bucket that refuses are an error, not an absence', async () => {
    const [, blobs] = stores[1]!;
    bucket.refuse(true);
    await assert.rejects(async () => blobs.read(foxKey));
    await assert.rejects(async () => blobs.put(fox));
    await assert.rejects(async () => blobs.size(foxKey));
    bucket.refuse(false);
  });
});
