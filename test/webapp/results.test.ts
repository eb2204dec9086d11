import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { eventually } from '../support/eventually.ts';
import { type MiniApp, startMiniApp } from '../support/mini-app.ts';
import { liveALittle } from '../support/mini-app-story.ts';

/** Stands in for the system's sheet, which a browser without a window has not. */
const systemSheet = (answer: string) => `
  navigator.canShare = ({ files }) => files.length > 0;
  navigator.share = async ({ files: [file] }) => {
    window.shared = { name: file.name, type: file.type, size: file.size };
    ${answer}
  };`;

describe('a result in the Mini App', function () {
  this.timeout(60_000);
  let app: MiniApp;
  let path: string;

  before(async () => {
    app = await startMiniApp();
    path = (await liveALittle(app, 'anna'))['result'] ?? '';
  });

  after(() => app.stop());

  it('is saved as the very file that was delivered, under a name of ours', async () => {
    const { page, errors } = await app.open({ path });
    const address = (await page.locator('.gallery img').getAttribute('src')) ?? '';
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save' }).click(),
    ]);
    assert.match(download.suggestedFilename(), /^holdfast-[0-9a-f]{8}-1\.png$/);
    const original = Buffer.from(await (await fetch(address)).arrayBuffer());
    assert.ok(original.equals(readFileSync(await download.path())));
    await page.getByText('Saved').waitFor();
    assert.deepEqual(errors, []);
  });

  it('that cannot be fetched any more says so instead of saving nothing', async () => {
    const { page } = await app.open({ path });
    await page.route('**/files/**', (route) => route.fulfill({ status: 410, body: '' }));
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The picture could not be loaded').first().waitFor();
  });

  it('is shared as a file where the system takes one, and closing the sheet is no fault', async () => {
    const { page, context } = await app.open({ path });
    const popups: string[] = [];
    context.on('page', (popup) => popups.push(popup.url()));
    await page.evaluate(systemSheet(`throw new DOMException('closed', 'AbortError');`));
    await page.getByRole('button', { name: 'Share' }).click();
    await eventually(() => page.evaluate<boolean>('window.shared !== undefined'));
    const shared = await page.evaluate<{ name: string; type: string; size: number }>('window.shared');
    assert.match(shared.name, /^holdfast-.*\.png$/);
    assert.equal(shared.type, 'image/png');
    assert.ok(shared.size > 0);
    assert.deepEqual(popups, []);
  });

  it('is shared by Telegram as a link where there is no sheet, or it does not open', async () => {
    const { page, context } = await app.open({ path });
    await context.route('https://t.me/**', (route) => route.fulfill({ body: 'Telegram' }));
    const address = (await page.locator('.gallery img').getAttribute('src')) ?? '';
    await page.evaluate('navigator.canShare = undefined');
    const [first] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('button', { name: 'Share' }).click(),
    ]);
    await first.waitForURL('https://t.me/share/url*');
    assert.equal(new URL(first.url()).searchParams.get('url'), address);
    await page.evaluate(systemSheet(`throw new DOMException('too late', 'NotAllowedError');`));
    const [second] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('button', { name: 'Share' }).click(),
    ]);
    await second.waitForURL('https://t.me/share/url*');
  });
});
