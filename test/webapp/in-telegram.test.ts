import assert from 'node:assert/strict';
import type { FrameLocator, Page } from 'playwright-core';
import { demoUsers } from '../../core/demo.ts';
import { botToken } from '../support/api.ts';
import { openPage } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { type MiniApp, payOutside, startMiniApp } from '../support/mini-app.ts';
import { openSandbox, type Sandbox } from '../support/sandbox.ts';

const boris = demoUsers.find(({ name }) => name === 'boris')!;

describe('the Mini App inside Telegram', function () {
  this.timeout(60_000);
  let app: MiniApp;
  let sandbox: Sandbox;
  let page: Page;
  let frame: FrameLocator;
  let errors: string[];

  before(async () => {
    sandbox = await openSandbox({ botToken });
    app = await startMiniApp({ variables: { TELEGRAM_API_URL: sandbox.url } });
    await sandbox.person(boris.telegramId, 'start');
    await sandbox.bot('sendMessage', {
      chat_id: boris.telegramId,
      text: 'Open it',
      reply_markup: { inline_keyboard: [[{ text: 'Open', web_app: { url: `${app.stack.api.url}/app/` } }]] },
    });
  });

  after(async () => {
    await app?.stop();
    await sandbox?.close();
  });

  beforeEach(async () => {
    ({ page, errors } = await openPage(app.browser, { locale: 'en-GB' }));
    page.setDefaultTimeout(10_000);
    await page.goto(`${sandbox.url}/?person=${boris.telegramId}&theme=light`);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    frame = page.frameLocator('iframe.frame');
    await frame.getByText('Balance', { exact: true }).waitFor();
  });

  afterEach(async () => {
    await page.context().close();
    // The frame's address changes its origin while it loads, which Chromium remarks on.
    assert.deepEqual(
      errors.filter((error) => !error.includes("'postMessage'")),
      [],
    );
  });

  it('logs in by signed init data, and uses the main and the back button of Telegram', async () => {
    await frame.getByRole('button', { name: 'Top up' }).click();
    assert.equal(await frame.getByRole('button', { name: /Pay/ }).count(), 0, 'no button of our own');
    const popup = page.waitForEvent('popup');
    await page.getByRole('button', { name: 'Pay ₽500 by card' }).click();
    const payPage = await popup;
    await frame.getByText('Waiting for your payment').waitFor();
    await payOutside(app.stack, payPage.url());
    await frame.getByText('100 credits added').waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    await frame.getByText('Balance', { exact: true }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Back' }).count(), 0, 'no way back from the first screen');
  });

  it('hears two presses of one finger as one: the page to pay at opens once', async () => {
    await frame.getByRole('button', { name: 'Top up' }).click();
    const popup = page.waitForEvent('popup');
    await page.getByRole('button', { name: 'Pay ₽500 by card' }).dblclick();
    await popup;
    await frame.getByText('Waiting for your payment').waitFor();
    assert.equal(await page.getByRole('dialog').count(), 0, 'no second link waits to be opened');
  });

  it('asks before it cancels a top-up, with both answers in words', async () => {
    await frame.getByRole('button', { name: 'Top up' }).click();
    const popup = page.waitForEvent('popup');
    await page.getByRole('button', { name: 'Pay ₽500 by card' }).click();
    await popup;
    await frame.getByRole('button', { name: 'Cancel this top-up' }).click();
    await page.getByRole('button', { name: 'Keep waiting' }).click();
    await frame.getByText('Waiting for your payment').waitFor();
    await frame.getByRole('button', { name: 'Cancel this top-up' }).click();
    await page.getByRole('button', { name: 'Cancel the top-up' }).click();
    await frame.getByText('Waiting for your payment').waitFor({ state: 'detached' });
  });

  it('follows the theme of Telegram while it is open', async () => {
    const scheme = () => frame.locator('html').getAttribute('data-scheme');
    assert.equal(await scheme(), 'light');
    await page.getByLabel('Theme').selectOption('dark');
    await eventually(async () => (await scheme()) === 'dark');
  });

  it('returns to the same screen after a reload of its frame', async () => {
    await frame.getByRole('button', { name: 'History' }).click();
    await frame.getByRole('heading', { name: 'History' }).waitFor();
    await frame.locator('body').evaluate('location.reload()');
    await frame.getByRole('heading', { name: 'History' }).waitFor();
  });
});
