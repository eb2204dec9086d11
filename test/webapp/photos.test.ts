import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { money } from '../../core/money.ts';
import { createLedger } from '../../ledger/ledger.ts';
import { createBlobs } from '../../platform/blob-store.ts';
import { eventually } from '../support/eventually.ts';
import { because } from '../support/ledger.ts';
import { type MiniApp, settled, startMiniApp } from '../support/mini-app.ts';

const path = '/generate?model=nano-banana-edit';

describe('photos in the Mini App', function () {
  this.timeout(60_000);
  let app: MiniApp;
  let anna: string;

  before(async () => {
    app = await startMiniApp();
    anna = (await app.stack.api.logIn('anna')).userId;
    await createLedger(app.stack.pool).credit({
      key: `test/${randomUUID()}`,
      cause: because('gift'),
      owner: anna,
      amount: money(100n, 'CREDIT'),
      bucket: 'paid',
      source: 'issued:CREDIT',
    });
  });

  after(() => app.stop());

  beforeEach(() => app.stack.owner.query('UPDATE app.image SET expires_at = now() WHERE user_id = $1', [anna]));

  /** What the server has kept of the photos that were sent last, the newest first. */
  async function stored(): Promise<{ width: number; height: number; bytes: number; mime: string; blobKey: string }[]> {
    const { rows } = await app.stack.owner.query(
      `SELECT width, height, bytes, mime, blob_key AS "blobKey" FROM app.image
       WHERE user_id = $1 AND expires_at > now()
       ORDER BY created_at DESC`,
      [anna],
    );
    return rows;
  }

  async function held(): Promise<number> {
    const { rows } = await app.stack.owner.query('SELECT count(*)::int AS holds FROM ledger.hold');
    return rows[0].holds;
  }

  it('of a phone’s camera are made small in the browser, sent, shown and taken to the order', async () => {
    const { page, errors } = await app.open({ path });
    const original = await noise(3_200, 2_400, 'jpeg');
    assert.ok(original.byteLength > 5 * 1024 * 1024, 'more than the server takes');
    await choose(page, 'camera.jpg', original);
    await page.locator('.photo-ready').waitFor();
    assert.ok(await isDrawn(page));
    const [kept] = await stored();
    assert.deepEqual([kept?.width, kept?.height, kept?.mime], [2_048, 1_536, 'image/jpeg']);
    await page.getByLabel('What to change').fill('Snow on the roofs');
    await page.getByRole('button', { name: /Create for/ }).click();
    await page.getByRole('img', { name: /Snow on the roofs/ }).waitFor({ timeout: 20_000 });
    assert.deepEqual(errors, []);
  });

  it('with transparency that are too large become JPEG on white, and small ones go as they are', async () => {
    const { page } = await app.open({ path });
    const small = await sharp({ create: { width: 40, height: 30, channels: 4, background: '#ff000000' } })
      .png()
      .toBuffer();
    await choose(page, 'small.png', small);
    await page.locator('.photo-ready').waitFor();
    const [kept] = await stored();
    assert.deepEqual([kept?.width, kept?.bytes, kept?.mime], [40, small.byteLength, 'image/png']);
    await page.getByRole('button', { name: 'Remove photo 1' }).click();
    await choose(page, 'large.png', await noise(900, 900, 'png'));
    await page.locator('.photo-ready').waitFor();
    const [{ mime, blobKey } = { mime: '', blobKey: '' }] = await stored();
    assert.equal(mime, 'image/jpeg');
    const bytes = await createBlobs(app.stack.api.config.blobs).read(blobKey);
    const pixels = await sharp(bytes).raw().toBuffer();
    assert.ok(
      pixels.subarray(0, 3).every((channel) => channel > 240),
      'what was clear is white',
    );
  });

  it('can be taken out again, also while they are on their way, and the order waits for what is left', async () => {
    const { page } = await app.open({ path });
    let letGo: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    await page.route('**/api/v1/images', async (route) => {
      await gate;
      await route.continue();
    });
    await page.getByLabel('What to change').fill('Snow');
    await choose(page, 'first.jpg', await noise(300, 200, 'jpeg'));
    await page.getByRole('button', { name: 'Uploading…' }).and(page.locator(':disabled')).waitFor();
    await page.getByRole('button', { name: 'Remove photo 1' }).click();
    letGo();
    await page.getByRole('button', { name: 'Add a photo to work on' }).waitFor();
    assert.equal(await page.locator('.photo').count(), 0);
  });

  it('that break off keep their place, say that nothing was charged, and are sent again by a press', async () => {
    const { page } = await app.open({ path });
    const holds = await held();
    await page.getByLabel('What to change').fill('Snow');
    await page.route('**/api/v1/images', (route) => route.abort(), { times: 1 });
    await choose(page, 'photo.jpg', await noise(300, 200, 'jpeg'));
    await page.getByText('Nothing was charged').waitFor();
    await page.getByRole('button', { name: 'Send the photo again or remove it' }).waitFor();
    await page.getByRole('button', { name: 'Send photo 1 again' }).click();
    await page.locator('.photo-ready').waitFor();
    await page.getByRole('button', { name: /Create for/ }).waitFor();
    assert.equal(await page.getByText('Nothing was charged').count(), 0);
    assert.equal(await held(), holds);
  });

  it('that break off with the line go on by themselves when it is back', async () => {
    const { page, context } = await app.open({ path });
    await context.setOffline(true);
    await choose(page, 'photo.jpg', await noise(300, 200, 'jpeg'));
    await page.locator('.photo-failed').waitFor();
    await context.setOffline(false);
    await page.locator('.photo-ready').waitFor();
    await eventually(async () => (await stored()).length === 1);
  });

  it('that the server refuses say why in the person’s language, and offer no second try', async () => {
    const { page } = await app.open({ path, language: 'ru' });
    await choose(page, 'photo.jpg', randomBytes(2_000));
    await page.getByText(/Подходят только фото|не открывается как фото/).waitFor();
    await page.getByText('Ничего не списано').waitFor();
    assert.equal(await page.getByRole('button', { name: /Отправить фото/ }).count(), 0);
    await page.getByRole('button', { name: 'Убрать фото 1' }).click();
    assert.equal(await page.getByText('Ничего не списано').count(), 0);
  });

  it('that have arrived are still there after a reload, and one that has expired is not', async () => {
    const { page } = await app.open({ path });
    await choose(page, 'photo.jpg', await noise(300, 200, 'jpeg'));
    await page.locator('.photo-ready').waitFor();
    await page.reload();
    await settled(page);
    await page.locator('.photo-ready').waitFor();
    assert.ok(await isDrawn(page));
    await page.evaluate(`(() => {
      const kept = JSON.parse(sessionStorage.getItem('hf.draft'));
      kept.photos[0].image.expiresAt = '2020-01-01T00:00:00Z';
      sessionStorage.setItem('hf.draft', JSON.stringify(kept));
    })()`);
    await page.reload();
    await settled(page);
    assert.equal(await page.locator('.photo').count(), 0);
  });
});

function isDrawn(page: Page): Promise<boolean> {
  return page.evaluate<boolean>('document.querySelector(".photo img").naturalWidth > 0');
}

async function choose(page: Page, name: string, buffer: Buffer): Promise<void> {
  const mimeType = name.endsWith('.png') ? 'image/png' : 'image/jpeg';
  await page.locator('input[type=file]').setInputFiles({ name, mimeType, buffer });
}

/** A picture that hardly packs, with a clear corner where the format knows one. */
async function noise(width: number, height: number, format: 'jpeg' | 'png'): Promise<Buffer> {
  const channels = format === 'png' ? 4 : 3;
  const pixels = randomBytes(width * height * channels);
  if (channels === 4) for (let y = 0; y < 40; y += 1) pixels.fill(0, y * width * 4, y * width * 4 + 160);
  return sharp(pixels, { raw: { width, height, channels } })
    .toFormat(format, format === 'jpeg' ? { quality: 95 } : {})
    .toBuffer();
}
