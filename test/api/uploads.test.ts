import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { limits } from '../../core/limits.ts';
import { createBlobs } from '../../platform/blob-store.ts';
import { createImages } from '../../db/images.ts';
import { openPool } from '../../db/pool.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { silent } from '../support/log.ts';
import { connectRaw } from '../support/raw-http.ts';

function picture(width = 8, height = 6) {
  return sharp({ create: { width, height, channels: 3, background: '#336699' } });
}

describe('uploads', () => {
  let api: TestApi;
  let token: string;
  let userId: string;

  before(async () => {
    api = await startTestApi();
    ({ token, userId } = await api.logIn('anna'));
  });

  after(() => api.stop());

  function upload(bytes: Uint8Array, name = 'fox.png', as = token) {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(bytes)]), name);
    return api.call('POST', '/images', { token: as, body: form });
  }

  function temporaryFiles(): string[] {
    const folder = join(api.config.home, 'uploads');
    return existsSync(folder) ? readdirSync(folder) : [];
  }

  /** The bytes that were kept of an upload. */
  async function kept(imageId: string): Promise<Buffer> {
    const pool = await openPool({
      url: api.database.url,
      size: 1,
      applicationName: 'test',
      logger: silent,
      checkRows: true,
    });
    const [image] = await createImages(pool).list([imageId]);
    await pool.end();
    const bytes = await createBlobs(api.config.blobs).read(image?.blobKey ?? '');
    assert.ok(bytes);
    return bytes;
  }

  it('are kept for a day, with what they are', async () => {
    const { status, body } = await upload(await picture(30, 20).png().toBuffer());
    assert.equal(status, 201);
    const { width, height, mime, expiresAt, bytes, id } = body.image;
    assert.deepEqual([width, height, mime], [30, 20, 'image/png']);
    const hours = (Date.parse(expiresAt) - Date.now()) / 3_600_000;
    assert.ok(hours > 23.9 && hours <= 24, String(hours));
    assert.equal((await kept(id)).byteLength, bytes);
  });

  const names = [
    '../../etc/passwd',
    '..%2f..%2fetc%2fpasswd',
    'a\0b.png',
    '/etc/passwd',
    'C:\\Windows\\system32\\con',
    'CON.png',
    `${'x'.repeat(5_000)}.png`,
  ];

  for (const name of names) {
    it(`U1: called ${JSON.stringify(name.slice(0, 40))} stay in our folder under our own id`, async () => {
      const { status, body } = await upload(await picture().png().toBuffer(), name);
      assert.equal(status, 201);
      assert.match(body.image.id, /^[0-9a-f-]{36}$/);
      assert.deepEqual(temporaryFiles(), []);
    });
  }

  it('U3: of other kinds are refused by their first bytes, whatever they are called', async () => {
    const others = [
      '<!doctype html><script>alert(1)</script>',
      '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
      'GIF89a<script>alert(1)</script>',
      '%PDF-1.7',
      'MZ\u0090',
    ];
    for (const text of others) {
      const { status, body } = await upload(Buffer.from(text, 'latin1'), 'photo.jpg');
      assert.deepEqual([status, body.code], [415, 'file_type_not_allowed'], text);
    }
  });

  it('U3: that are two things at once lose the second', async () => {
    const jpeg = await picture().jpeg().toBuffer();
    const polyglot = Buffer.concat([jpeg, Buffer.from('<script>alert(document.cookie)</script>PK\u0003\u0004')]);
    const { status, body } = await upload(polyglot, 'photo.jpg');
    assert.equal(status, 201);
    assert.ok(!(await kept(body.image.id)).includes('script'));
  });

  it('U3: that are cut short are refused', async () => {
    const png = await sharp({
      create: { width: 200, height: 200, channels: 3, noise: { type: 'gaussian', mean: 99, sigma: 30 } },
    } as never)
      .png()
      .toBuffer();
    const { status, body } = await upload(png.subarray(0, Math.floor(png.length / 2)));
    assert.deepEqual([status, body.code], [422, 'image_unreadable']);
    assert.deepEqual(temporaryFiles(), []);
  });

  it('U5: lose where they were taken, and stand upright', async () => {
    const exif = { IFD0: { Copyright: 'Anna' }, IFD3: { GPSLatitude: '55/1 45/1 0/1', GPSLatitudeRef: 'N' } };
    const jpeg = await picture(40, 20).withExif(exif).withMetadata({ orientation: 6, exif }).jpeg().toBuffer();
    assert.ok((await sharp(jpeg).metadata()).exif);
    const { body } = await upload(jpeg, 'photo.jpg');
    assert.deepEqual([body.image.width, body.image.height], [20, 40]);
    const metadata = await sharp(await kept(body.image.id)).metadata();
    assert.deepEqual([metadata.exif, metadata.xmp, metadata.orientation], [undefined, undefined, undefined]);
  });

  it('U4: of nothing, of none and of 101 files are refused, and leave nothing behind', async () => {
    const empty = await upload(new Uint8Array());
    assert.deepEqual([empty.status, empty.body.code], [422, 'image_unreadable']);
    const none = await api.call('POST', '/images', { token, body: new FormData() });
    assert.deepEqual([none.status, none.body.code], [400, 'one_file_expected']);
    const form = new FormData();
    const png = new Uint8Array(await picture().png().toBuffer());
    for (let index = 0; index < 101; index += 1) form.append('file', new Blob([png]), `${index}.png`);
    const many = await api.call('POST', '/images', { token, body: form });
    assert.deepEqual([many.status, many.body.code], [400, 'one_file_expected']);
    assert.deepEqual(temporaryFiles(), []);
  });

  it('U4: that are aborted half-way leave nothing behind', async () => {
    const raw = await connectRaw(api.url);
    const start =
      '--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n';
    raw.send(
      `POST /api/v1/images HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n` +
        `Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 400000\r\n\r\n${start}${'x'.repeat(200_000)}`,
    );
    await eventually(() => temporaryFiles().length === 1);
    raw.socket.destroy();
    await eventually(() => temporaryFiles().length === 0);
  });

  it('are refused beyond 5 MB, by what was declared and by what came', async () => {
    const big = Buffer.concat([await picture().png().toBuffer(), Buffer.alloc(limits.imageBytesMax)]);
    const { status, body } = await upload(big);
    assert.deepEqual([status, body.code], [413, 'file_too_large']);
    const slightly = await upload(big.subarray(0, limits.imageBytesMax + 1));
    assert.deepEqual([slightly.status, slightly.body.code], [413, 'file_too_large']);
    assert.notEqual((await upload(big.subarray(0, limits.imageBytesMax))).status, 413);
    assert.deepEqual(temporaryFiles(), []);
  });

  it('that are no multipart are refused', async () => {
    const json = await api.call('POST', '/images', { token, body: {} });
    assert.deepEqual([json.status, json.body.code], [415, 'unsupported_media_type']);
    const headers = { 'content-type': 'multipart/form-data' };
    const noBoundary = await api.call('POST', '/images', { token, body: 'x', headers });
    assert.deepEqual([noBoundary.status, noBoundary.body.code], [400, 'invalid_request']);
  });

  it('U4: beyond what a person may keep are a quota error, and another person is not touched', async () => {
    const png = await picture().png().toBuffer();
    const owned = await api.logIn('boris');
    for (let kept_ = 0; kept_ < limits.imagesPerUserMax; kept_ += 1) {
      assert.equal((await upload(png, 'a.png', owned.token)).status, 201);
    }
    const { status, body } = await upload(png, 'a.png', owned.token);
    assert.deepEqual([status, body.code], [409, 'image_quota_exceeded']);
    assert.equal((await upload(png)).status, 201);
    assert.notEqual(userId, owned.userId);
  });
});
