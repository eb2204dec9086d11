import assert from 'node:assert/strict';
import sharp from 'sharp';
import { startTestApi, type TestApi } from '../support/api.ts';
import { pngBomb, webpBomb } from '../support/bombs.ts';

const megabyte = 1024 * 1024;

describe('picture bombs', () => {
  let api: TestApi;
  let token: string;

  before(async () => {
    api = await startTestApi();
    token = (await api.logIn('anna')).token;
  });

  after(() => api.stop());

  function upload(bytes: Uint8Array) {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(bytes)]), 'bomb');
    return api.call('POST', '/images', { token, body: form });
  }

  async function grownMegabytes(work: () => Promise<unknown>): Promise<number> {
    const before = process.memoryUsage().rss;
    await work();
    return (process.memoryUsage().rss - before) / megabyte;
  }

  it('U2: of 50,000 x 50,000 pixels are refused by their header, with memory flat', async () => {
    const grown = await grownMegabytes(async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => upload(pngBomb(50_000, 50_000))));
      for (const { status, body } of answers) assert.deepEqual([status, body.code], [422, 'image_too_many_pixels']);
    });
    assert.ok(grown < 60, `${grown} MB`);
  });

  it('U2: are refused at one pixel too many; the exact limit only fails for what it is', async () => {
    assert.equal((await upload(pngBomb(8_001, 5_000))).body.code, 'image_too_many_pixels');
    const exact = await upload(pngBomb(8_000, 5_000));
    assert.notEqual(exact.body.code, 'image_too_many_pixels');
  });

  it('U2: of ten thousand frames are refused, with memory flat', async () => {
    const grown = await grownMegabytes(async () => {
      const { status } = await upload(webpBomb(10_000));
      assert.equal(status, 422);
    });
    assert.ok(grown < 60, `${grown} MB`);
  });

  it('U2: a picture that moves is refused by its frames', async () => {
    const raw = Buffer.alloc(2 * 8 * 8 * 3, 7);
    raw.fill(200, 8 * 8 * 3);
    const moving = await sharp(raw, { raw: { width: 8, height: 16, channels: 3, pageHeight: 8 } as never })
      .webp({ loop: 0 })
      .toBuffer();
    assert.equal((await sharp(moving).metadata()).pages, 2);
    const { status, body } = await upload(moving);
    assert.deepEqual([status, body.code], [422, 'image_too_many_frames']);
  });

  it('U2: a GIF bomb is refused as a GIF', async () => {
    const { status, body } = await upload(Buffer.from('474946383961ffffffff8000000000', 'hex'));
    assert.deepEqual([status, body.code], [415, 'file_type_not_allowed']);
  });
});
