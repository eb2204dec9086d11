import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { type MiniApp, payOutside, startMiniApp } from '../support/mini-app.ts';

describe('the purchases of the Mini App', () => {
  let app: MiniApp;

  before(async () => {
    app = await startMiniApp({ studio: { delayMs: 1_500 } });
  });

  after(() => app.stop());

  it('tops up and draws a picture, live from the first tap to the receipt', async () => {
    const { page, errors } = await app.open({ person: 'boris' });
    await page.getByRole('button', { name: 'Top up' }).click();
    await page.getByRole('radio', { name: /300 credits/ }).check();
    const popup = page.waitForEvent('popup');
    await page.getByRole('button', { name: 'Pay ₽1,350 by card' }).click();
    const payPage = await popup;
    await page.getByText('Waiting for your payment').waitFor();
    await payOutside(app.stack, payPage.url());
    await payPage.close();
    await page.getByText('300 credits added').waitFor();
    await page.getByRole('button', { name: 'New picture' }).click();
    await page.getByLabel('What to draw').fill('A red fox in the morning tram');
    await page.getByRole('button', { name: 'Create for 4 credits' }).click();
    await page.getByRole('progressbar').waitFor();
    await page.getByRole('img', { name: /A red fox/ }).waitFor();
    await page.getByText('4 credits charged').waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    await eventually(async () => /296/.test((await page.locator('.amount').textContent()) ?? ''));
    assert.deepEqual(errors, []);
  });
});
