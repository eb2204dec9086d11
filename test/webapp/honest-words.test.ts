import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type MiniApp, startMiniApp } from '../support/mini-app.ts';
import { createStarCounter } from '../support/star-counter.ts';

describe('what the Mini App promises', function () {
  this.timeout(120_000);
  let app: MiniApp;
  before(async () => {
    app = await startMiniApp({ starShop: createStarCounter() });
  });
  after(() => app.stop());

  it('says of a top-up of somebody else whose money it is, and not that nothing was touched', async () => {
    const { page } = await app.open({ person: 'anna' });
    await page.goto(`${app.stack.api.url}/app/topup/${randomUUID()}`);
    await page.getByText(/If you have just paid, the money goes to whoever opened it/).waitFor();
    assert.equal(await page.getByText(/was not touched/).count(), 0);
  });

  for (const [language, label, promise] of [
    ['en', 'Show the sender', /The recipient sees our shop at Fragment, not you/],
    ['ru', 'Показать отправителя', /Получатель увидит наш магазин на Fragment, а не вас/],
  ] as const) {
    it(`names the shop as the sender that is shown, since it is who pays (${language})`, async () => {
      const { page } = await app.open({ person: 'anna', path: '/stars', language });
      await page.getByText(label, { exact: true }).click();
      await page.getByText(promise).waitFor();
    });
  }
});
