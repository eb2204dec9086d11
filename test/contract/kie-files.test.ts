import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { limits } from '../../core/limits.ts';
import { isLoopbackUrl, mayBePublic, publicLookup } from '../../providers/public-address.ts';
import { createClient, dataOf, openStudio, type Studio, wish } from '../support/kie.ts';
import { eventually } from '../support/eventually.ts';

describe('Files at kie.ai', () => {
  let studio: Studio;
  let photo: Buffer;
  before(async () => {
    studio = await openStudio();
    photo = await sharp({ create: { width: 32, height: 24, channels: 3, background: '#c63' } })
      .png()
      .toBuffer();
  });
  after(() => studio.stop());
  afterEach(() => studio.control('/reset'));

  async function resultUrl(prompt: string, options: Record<string, string> = {}): Promise<string> {
    const outcome = await studio.client.submit({ ...wish, prompt, options });
    assert.equal(outcome.outcome, 'done');
    await eventually(async () => (await studio.state()).tasks[0]?.state === 'success');
    return (await studio.state()).tasks[0]?.resultUrls[0] ?? '';
  }

  const image = () => ({ bytes: photo, mime: 'image/png', fileName: 'my photo (1).png' });

  it('uploads a picture under a name of its own, and the same bytes come back', async () => {
    const [first, second] = [await studio.client.uploadImage(image()), await studio.client.uploadImage(image())];
    assert.ok(first.outcome === 'done' && second.outcome === 'done');
    assert.notEqual(first.value.url, second.value.url);
    assert.ok(first.value.url.startsWith(studio.uploadUrl));
    const fetched = await fetch(first.value.url);
    assert.equal(fetched.headers.get('content-type'), 'image/png');
    assert.deepEqual(Buffer.from(await fetched.arrayBuffer()), photo);
  });

  it('uses an uploaded picture, until kie.ai has deleted it after three days', async () => {
    const uploaded = await studio.client.uploadImage(image());
    assert.equal(uploaded.outcome, 'done');
    const edit = {
      ...wish,
      model: 'google/nano-banana-edit',
      imageField: 'image_urls',
      imageUrls: [uploaded.value.url],
    };
    assert.equal((await studio.client.submit(edit)).outcome, 'done');
    await studio.control('/clock', { advanceMs: 3 * 24 * 3_600_000 + 1 });
    const late = await studio.client.submit(edit);
    assert.equal(late.outcome === 'refused' && late.code, 'invalid_request');
    assert.equal((await fetch(uploaded.value.url)).status, 404);
  });

  it('takes base64 and an address as well, and refuses neither key nor file silently', async () => {
    const base64 = {
      base64Data: `data:image/png;base64,${photo.toString('base64')}`,
      uploadPath: 'a/b',
      fileName: 'x.png',
    };
    const stored = dataOf(await studio.call(`${studio.uploadUrl}/api/file-base64-upload`, base64));
    assert.equal(stored['downloadUrl'], `${studio.uploadUrl}/tempfile/a/b/x.png`);
    assert.deepEqual(
      [stored['fileSize'], stored['mimeType'], stored['fileName']],
      [photo.length, 'image/png', 'x.png'],
    );
    const byUrl = { fileUrl: stored['downloadUrl'], uploadPath: 'c' };
    assert.equal((await studio.call(`${studio.uploadUrl}/api/file-url-upload`, byUrl)).body.success, true);
    const keyless = await studio.call(`${studio.uploadUrl}/api/file-base64-upload`, base64, {});
    assert.deepEqual([keyless.status, keyless.body.success, keyless.body.code], [200, false, 401]);
  });

  it('downloads a picture, told by its bytes', async () => {
    const png = await studio.client.download(await resultUrl('a fox'));
    assert.ok(png.outcome === 'done' && png.value.mime === 'image/png');
    const jpeg = await studio.client.download(await resultUrl('a fox', { output_format: 'jpeg' }));
    assert.ok(jpeg.outcome === 'done' && jpeg.value.mime === 'image/jpeg');
  });

  it('asks for a fresh address when a result has expired', async () => {
    const url = await resultUrl('a fox');
    await studio.control('/clock', { advanceMs: 20 * 60_000 + 1 });
    assert.equal((await fetch(url)).status, 404);
    assert.equal((await studio.client.download(url)).outcome, 'done');
  });

  it('is refused with `gone` when kie.ai keeps the result no longer', async () => {
    const url = await resultUrl('a fox');
    await studio.control('/clock', { advanceMs: 15 * 24 * 3_600_000 });
    for (const address of [url, await resultUrl('a fox [gone]'), `${studio.uploadUrl}/nothing.png`]) {
      const outcome = await studio.client.download(address);
      assert.equal(outcome.outcome === 'refused' && outcome.code, 'gone');
    }
  });

  it('takes a broken download for unknown, to be tried again', async () => {
    const url = await resultUrl('a fox');
    await studio.faults({ path: '/results/**', fault: { kind: 'drop-after' } });
    assert.equal((await studio.client.download(url)).outcome, 'unknown');
    assert.equal((await studio.client.download(url)).outcome, 'done');
  });

  it('refuses what is no picture, too large, or redirects without end', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/loop') return response.writeHead(302, { location: '/loop' }).end();
      if (request.url === '/once') return response.writeHead(302, { location: '/page' }).end();
      return response.end(request.url === '/big' ? Buffer.alloc(limits.pictureBytesMax + 1) : '<html>hello</html>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const codeOf = async (path: string) => {
      const outcome = await studio.client.download(origin + path);
      return outcome.outcome === 'refused' ? outcome.code : outcome.outcome;
    };
    assert.equal(await codeOf('/page'), 'not_a_picture');
    assert.equal(await codeOf('/once'), 'not_a_picture');
    assert.equal(await codeOf('/big'), 'too_large');
    assert.equal(await codeOf('/loop'), 'too_many_redirects');
    server.closeAllConnections();
    server.close();
  });

  it('fetches no private address for a kie.ai that is not on this machine', async () => {
    const client = createClient('https://api.kie.invalid', 'https://upload.kie.invalid');
    const secrets = [
      'http://127.0.0.1:5432/',
      'http://[::1]/',
      'http://169.254.169.254/latest',
      'http://10.0.0.7/a.png',
    ];
    for (const url of [...secrets, 'http://[::ffff:192.168.0.1]/', 'http://localhost/', 'http://0x7f.1/']) {
      const outcome = await client.download(url);
      assert.equal(outcome.outcome === 'refused' && outcome.code, 'private_address', url);
    }
    for (const url of ['file:///etc/passwd', 'ftp://example.org/a.png', 'not a url']) {
      const outcome = await client.download(url);
      assert.equal(outcome.outcome === 'refused' && outcome.code, 'bad_url', url);
    }
  });

  it('U6: judges a name by the very addresses that the connection is made to', async () => {
    for (const all of [true, false]) {
      const code = await new Promise((resolve) => {
        publicLookup('localhost', { all }, (error, address) => resolve(error?.code ?? address));
      });
      assert.equal(code, 'ENOTPUBLIC');
    }
  });

  it('gives no picture up because its host cannot be found just now', async () => {
    const client = createClient('https://api.kie.invalid', 'https://upload.kie.invalid');
    const outcome = await client.download('https://results.kie.invalid/a.png');
    assert.deepEqual(outcome, { outcome: 'not_sent', reason: 'dns' });
  });

  it('knows public addresses from private ones', async () => {
    assert.equal(mayBePublic(new URL('https://93.184.216.34/a.png')), true);
    assert.equal(mayBePublic(new URL('https://[2606:2800:220:1::1]/a.png')), true);
    assert.equal(mayBePublic(new URL('https://100.64.0.1/a.png')), false);
    assert.deepEqual(['http://127.0.0.1:1', 'http://localhost', 'https://api.kie.ai'].map(isLoopbackUrl), [
      true,
      true,
      false,
    ]);
  });
});
