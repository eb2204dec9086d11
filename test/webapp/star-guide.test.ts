import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { phoneSize } from '../support/browser.ts';
import { testHome } from '../support/environment.ts';
import { type MiniApp, seriousFindings, sidewaysOverflow, smallSize, startMiniApp } from '../support/mini-app.ts';
import { createStarCounter } from '../support/star-counter.ts';
import { createStarShop } from '../support/star-shop.ts';

describe('guide prices in the Mini App', function () {
  this.timeout(120_000);
  const counter = createStarCounter();
  let app: MiniApp;

  before(async () => {
    // 50 Stars are about 0.545 TON with margin and fee by the guide, and 1.07 TON by the quote.
    Object.assign(counter.mood, { guideNanoPerStar: 10_000_000n, nanoPerStar: 20_000_000n });
    app = await startMiniApp({ starShop: counter });
    const { userId } = await app.stack.api.logIn('boris');
    await createStarShop(app.stack).give(userId, 5_000_000_000n);
  });
  after(() => app.stop());

  it('stand beside the amounts with their moment; the price of the order takes their place and is what is charged', async () => {
    const { page, errors } = await app.open({ person: 'boris', path: '/stars' });
    const fifty = page.locator('.pack', { hasText: /^50 Stars/ });
    await page.getByText('≈ 0.545 TON').waitFor();
    await page.getByText(/≈ is a guide, as of \d\d:\d\d/).waitFor();
    assert.equal(await page.getByText(/^≈ \d/).count(), 5);
    await fifty.click();
    await page.getByRole('radio', { name: 'Me' }).check();
    await page.getByRole('button', { name: 'Buy 50 Stars for @boris_demo, 1.07 TON' }).waitFor();
    assert.match((await fifty.textContent()) ?? '', /Stars1\.07\sTON$/);
    await page.getByRole('button', { name: /^Buy 50 Stars/ }).click();
    await page.getByRole('heading', { name: '50 Stars for @boris_demo' }).waitFor();
    const { rows } = await app.stack.owner.query('SELECT price_minor::text FROM app.star_purchase');
    assert.deepEqual(rows, [{ price_minor: '1070000000' }]);
    assert.deepEqual(errors, []);
  });

  it('are no more than missing where nobody says them', async () => {
    const { page, errors } = await app.open({ person: 'anna' });
    await page.route('**/api/v1/star-prices', (route) => route.fulfill({ json: { guide: null } }));
    await page.getByRole('button', { name: /Stars and Premium/ }).click();
    await page.getByRole('radio', { name: '50 Stars', exact: true }).waitFor();
    assert.equal(await page.getByText('≈').count(), 0);
    assert.deepEqual(errors, []);
  });

  for (const size of [phoneSize, smallSize]) {
    for (const theme of ['light', 'dark', 'loud'] as const) {
      it(`fit at ${size.width} in ${theme}`, async () => {
        const { page } = await app.open({ person: 'anna', path: '/stars', size, theme, language: 'ru' });
        await page.getByText(/ориентир/).waitFor();
        assert.deepEqual(await sidewaysOverflow(page), []);
        assert.deepEqual(await seriousFindings(page), []);
        const folder = join(testHome(), 'screens');
        mkdirSync(folder, { recursive: true });
        await page.screenshot({ path: join(folder, `star-guide-${size.width}-${theme}.png`), fullPage: true });
      });
    }
  }
});
