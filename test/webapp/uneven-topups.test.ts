import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { testHome } from '../support/environment.ts';
import { type MiniApp, smallSize, sidewaysOverflow, startMiniApp } from '../support/mini-app.ts';
import { createStory, type Person } from '../support/story.ts';

describe('a payment of more or less than the price, in the Mini App', function () {
  this.timeout(120_000);
  let app: MiniApp;
  let boris: Person;
  before(async () => {
    app = await startMiniApp();
    const { userId, token } = await app.stack.api.logIn('boris');
    boris = { id: userId, token, telegramId: 0 };
  });
  after(() => app.stop());

  /** 100 credits for 500 roubles in crypto, of which so much was sent. */
  async function sent(percent: number): Promise<string> {
    const story = createStory(app.stack);
    const { body } = await story.placeTopup(boris, { provider: 'heleket' });
    const { id } = body.topup;
    await story.until(id, 'awaiting_payment');
    const { paymentId } = await story.topup(id);
    await app.stack.exchange.control(`/invoices/${paymentId}/pay`, { percent });
    if (percent > 100) await story.until(id, 'credited');
    else await story.act(boris, `/topups/${id}/check`);
    return id;
  }

  for (const language of ['en', 'ru'] as const) {
    it(`is shown as what was credited and what was paid, beside what was ordered (${language})`, async () => {
      const id = await sent(150);
      const { page } = await app.open({ person: 'boris', path: `/topup/${id}`, language, size: smallSize });
      await page.getByRole('heading', { name: /150/ }).waitFor();
      const text = (await page.locator('main').textContent()) ?? '';
      const words =
        language === 'en'
          ? /₽750 came instead of ₽500, so more was added.*Paid₽750.*Ordered100 credits for ₽500/
          : /Пришло 750.₽ вместо 500.₽.*Оплачено750.₽.*Заказано100.кредитов за 500.₽/;
      assert.match(text, words);
      assert.deepEqual(await sidewaysOverflow(page), []);
      const folder = join(testHome(), 'screens');
      mkdirSync(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `topup-uneven-${language}.png`), fullPage: true });
    });
  }

  it('says what has come while the rest is awaited', async () => {
    const id = await sent(50);
    const { page } = await app.open({ person: 'boris', path: `/topup/${id}` });
    await page.getByText('₽250 came, ₽250 still awaited').waitFor();
  });
});
