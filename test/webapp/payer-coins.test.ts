import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { phoneSize } from '../support/browser.ts';
import { testHome } from '../support/environment.ts';
import { type MiniApp, seriousFindings, sidewaysOverflow, smallSize, startMiniApp } from '../support/mini-app.ts';

describe('the coins of a top-up in the Mini App', function () {
  this.timeout(120_000);
  let app: MiniApp;
  before(async () => {
    app = await startMiniApp();
    await app.stack.exchange.control('/options', { minAmount: '20.00000000', unavailable: ['BTC'] });
  });
  after(() => app.stop());

  it('are named where Heleket is chosen, with the least sum that the price does not reach', async () => {
    const { page, errors } = await app.open({ path: '/topup?asset=TON' });
    await page.getByRole('radio', { name: 'Cryptocurrency' }).check();
    // 16 USDT are below the least sum of USDT.
    await page.getByText('Coins: TON. USDT is taken from 20 USDT on.').waitFor();
    await page.getByRole('radio', { name: /20 TON/ }).check();
    await page.getByText('Coins: USDT (TRON, TON), TON.').waitFor();
    assert.equal(await page.getByText('is taken from').count(), 0);
    await page.getByRole('radio', { name: /Card or SBP/ }).check();
    assert.equal(await page.getByText('Coins:').count(), 0);
    assert.deepEqual(errors, []);
  });

  for (const size of [phoneSize, smallSize]) {
    for (const theme of ['light', 'dark', 'loud'] as const) {
      it(`fit at ${size.width} in ${theme}`, async () => {
        const { page } = await app.open({ path: '/topup?asset=TON', size, theme, language: 'ru' });
        await page.getByRole('radio', { name: 'Криптовалюта' }).check();
        await page.getByText(/Монеты:/).waitFor();
        assert.deepEqual(await sidewaysOverflow(page), []);
        assert.deepEqual(await seriousFindings(page), []);
        const folder = join(testHome(), 'screens');
        mkdirSync(folder, { recursive: true });
        await page.screenshot({ path: join(folder, `payer-coins-${size.width}-${theme}.png`), fullPage: true });
      });
    }
  }
});
