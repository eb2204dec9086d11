import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { openPage, phoneSize } from '../support/browser.ts';
import { startTestApi } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { type MiniApp, payOutside, startMiniApp } from '../support/mini-app.ts';

describe('trouble in the Mini App', function () {
  this.timeout(60_000);
  let app: MiniApp;

  before(async () => {
    app = await startMiniApp();
    await fill(app, 'anna');
  });

  after(() => app.stop());

  it('an order whose answer is lost is asked for again under the same key, and bought once', async () => {
    const { page } = await app.open({ path: '/generate' });
    const keys: string[] = [];
    await page.route('**/api/v1/generations', async (route) => {
      const request = route.request();
      if (request.method() !== 'POST') return route.fallback();
      keys.push(request.headers()['idempotency-key'] ?? '');
      const answer = await route.fetch();
      // The order has arrived; its answer has not.
      return keys.length < 4 ? route.abort() : route.fulfill({ response: answer });
    });
    await order(page, 'A lighthouse in the fog');
    await page.getByText('a repeat will not be charged twice').waitFor();
    await page.getByRole('button', { name: /Create for/ }).click();
    await page.getByRole('img', { name: /A lighthouse/ }).waitFor();
    assert.ok(keys.length >= 4);
    assert.equal(new Set(keys).size, 1);
    const { rows } = await app.stack.owner.query(
      "SELECT count(*)::int AS orders FROM app.generation WHERE prompt_excerpt = 'A lighthouse in the fog'",
    );
    assert.deepEqual(rows, [{ orders: 1 }]);
  });

  it('without a line it says so, that nothing was charged, and goes on when the line is back', async () => {
    const { page, context } = await app.open({ path: '/history' });
    await context.setOffline(true);
    await page.getByText('No connection').first().waitFor();
    await page.getByRole('radio', { name: 'Operations' }).check();
    await page.getByText('Nothing was charged. Check the connection').waitFor();
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Top-up').first().waitFor();
    await page.locator('.live[data-live=live]').waitFor({ state: 'attached' });
  });

  it('a balance that does not suffice leads to a pack that does, before anything is ordered', async () => {
    const { page } = await app.open({ person: 'boris', path: '/generate' });
    await page.getByText('4 credits short').waitFor();
    await page.getByRole('button', { name: 'Top up to create' }).click();
    await page.getByRole('radio', { name: /100 credits/, checked: true }).waitFor();
  });

  it('a failed picture says what came back, and lets the words be changed', async () => {
    await app.stack.studio.faults();
    const { page } = await app.open({ path: '/generate' });
    await app.stack.studio.control('/options', { delayMs: 60_000 });
    await order(page, 'A picture that fails');
    await page.getByRole('progressbar').waitFor();
    await eventually(async () => {
      const task = (await app.stack.studio.state()).tasks.find(({ prompt }) => prompt === 'A picture that fails');
      if (task === undefined) return false;
      await app.stack.studio.control(`/tasks/${task.taskId}/fail`, { failCode: '500', failMsg: 'no luck' });
      return true;
    });
    await app.stack.studio.control('/options', { delayMs: 0 });
    await page.getByText('4 credits returned').waitFor({ timeout: 20_000 });
    await page.getByRole('button', { name: 'Change and try again' }).click();
    assert.equal(await page.getByLabel('What to draw').inputValue(), 'A picture that fails');
  });

  it('a wrong address of an order is answered with a way on', async () => {
    const { page } = await app.open();
    await page.goto(`${app.stack.api.url}/app/generation/${randomUUID()}`);
    await page.getByText('There is nothing here').waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByText('Balance', { exact: true }).waitFor();
  });

  it('all of a purchase can be done by keyboard alone', async () => {
    const { page } = await app.open({ path: '/generate' });
    await page.getByLabel('What to draw').focus();
    await page.keyboard.type('Keys only');
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press('Tab');
      if (await page.evaluate<boolean>('document.activeElement.textContent.startsWith("Create for")')) break;
    }
    await page.keyboard.press('Enter');
    await page.getByRole('img', { name: /Keys only/ }).waitFor({ timeout: 15_000 });
  });

  it('an ordinary browser in production gets a page that leads into Telegram, and nothing is thrown', async () => {
    const api = await startTestApi({
      variables: { BOT_TOKEN: '123456789:AAE-abcdefghijklmnopqrstuvwxyz12345', BOT_USERNAME: 'shop_bot' },
    });
    try {
      const { page, errors, requests } = await openPage(app.browser, { viewport: phoneSize, locale: 'en-GB' });
      await page.goto(`${api.url}/app/`);
      const link = page.getByRole('link', { name: 'Open in Telegram' });
      assert.equal(await link.getAttribute('href'), 'https://t.me/shop_bot');
      const id = randomUUID();
      await page.goto(`${api.url}/app/?topup=${id}`);
      await page.getByText('The payment is being checked').waitFor();
      assert.equal(await link.getAttribute('href'), `https://t.me/shop_bot?start=pay_${id}`);
      assert.deepEqual(errors, []);
      assert.deepEqual(
        requests.filter((url) => !url.startsWith(api.url)),
        [],
      );
    } finally {
      await api.stop();
    }
  });
});

async function order(page: Page, prompt: string): Promise<void> {
  await page.getByLabel('What to draw').fill(prompt);
  await page.getByRole('button', { name: /Create for/ }).click();
}

/** Credits for a person, bought as anybody would. */
async function fill({ stack }: MiniApp, person: string): Promise<void> {
  const { token } = await stack.api.logIn(person);
  const body = { packId: 'credits-100', provider: 'yookassa' };
  const { topup } = (await stack.api.call('POST', '/topups', { token, key: randomUUID(), body })).body;
  await payOutside(stack, topup.payUrl);
  await eventually(async () => {
    const { body: balance } = await stack.api.call('GET', '/balance', { token });
    return balance.balances.length > 0;
  });
}
