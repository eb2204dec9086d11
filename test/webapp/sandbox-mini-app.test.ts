import assert from 'node:assert/strict';
import type { Browser, FrameLocator } from 'playwright-core';
import { demoUsers } from '../../core/demo.ts';
import { verifyInitData } from '../../platform/init-data.ts';
import { openBrowser, openPage, phoneSize, type Watched } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { type MiniAppPage, openMiniAppPage, openSandbox, type Sandbox, sandboxToken } from '../support/sandbox.ts';

const boris = demoUsers.find(({ name }) => name === 'boris')!;

/** Says on itself what its host tells it. */
const html = (simulatorUrl: string): string => `<!doctype html><html lang="en"><title>App</title>
<script src="${simulatorUrl}/sandbox/telegram-web-app.js"></script>
<body><p id="log"></p><script>
const app = Telegram.WebApp;
const log = (text) => { document.querySelector('#log').textContent += text + ';'; };
for (const name of ['themeChanged', 'mainButtonClicked', 'secondaryButtonClicked', 'backButtonClicked',
  'viewportChanged', 'settingsButtonClicked', 'safeAreaChanged']) app.onEvent(name, () => log(name));
app.ready();
</script></body></html>`;

describe('A Mini App in the sandbox', function () {
  this.timeout(60_000);
  let browser: Browser;
  let sandbox: Sandbox;
  let site: MiniAppPage;
  let watched: Watched;
  let frame: FrameLocator;

  before(async () => {
    site = await openMiniAppPage(html);
    [browser, sandbox] = await Promise.all([openBrowser(), openSandbox({ miniAppUrl: site.url })]);
    site.lookAt(sandbox.url);
    await sandbox.person(boris.telegramId, 'start');
    await sandbox.bot('sendMessage', {
      chat_id: boris.telegramId,
      text: 'Open it',
      reply_markup: { inline_keyboard: [[{ text: 'Open the app', web_app: { url: site.url } }]] },
    });
  });
  after(async () => {
    await browser?.close();
    await sandbox?.close();
    await site?.close();
  });
  beforeEach(async () => {
    watched = await openPage(browser);
    await watched.page.goto(`${sandbox.url}/?person=${boris.telegramId}&theme=light`);
    await watched.page.getByRole('button', { name: 'Open the app' }).click();
    frame = watched.page.frameLocator('iframe.frame');
    await frame.locator('#log').waitFor({ state: 'attached' });
  });
  afterEach(async () => {
    await watched.context.close();
    assert.deepEqual(watched.errors, []);
  });

  /** Runs in the Mini App; what it answers must be JSON. */
  const inApp = <T>(code: string): Promise<T> =>
    frame.locator('body').evaluate<T, void>(`(() => { const app = window.Telegram.WebApp; ${code}; })()`);
  const logged = (text: string): Promise<void> =>
    eventually(async () => ((await frame.locator('#log').textContent()) ?? '').includes(text));

  it('is opened by a button with init data that holds before our own check', async () => {
    const initData = await inApp<string>('return app.initData');
    const verdict = verifyInitData(initData, sandboxToken, new Date());
    assert.ok(verdict.ok, JSON.stringify(verdict));
    assert.equal(verdict.initData.user.id, boris.telegramId);
    assert.match(initData, /signature=[\w-]{86}/);
    assert.equal(await inApp('return app.platform'), 'ios');
    assert.equal(await inApp('return app.isVersionAtLeast("9.1")'), true);
    assert.equal(await inApp('return app.initDataUnsafe.user.first_name'), boris.firstName);
  });

  it('shows the main button as the app dresses it, and presses reach the app', async () => {
    await inApp(
      'app.MainButton.setParams({ text: "Pay 500", color: "#aa0000", is_visible: true, has_shine_effect: true })',
    );
    const main = watched.page.getByRole('button', { name: 'Pay 500' });
    await main.click();
    await logged('mainButtonClicked');
    assert.equal(
      await watched.page.evaluate('getComputedStyle(document.querySelector(".main-button")).backgroundColor'),
      'rgb(170, 0, 0)',
    );
    await inApp('app.MainButton.showProgress()');
    await watched.page.locator('.main-button.busy:disabled').waitFor();
    await inApp('app.SecondaryButton.setParams({ text: "Not now", is_visible: true, position: "top" })');
    await watched.page.getByRole('button', { name: 'Not now' }).click();
    await logged('secondaryButtonClicked');
  });

  it('shows Back and Settings only while the app wants them', async () => {
    const phone = watched.page.locator('.phone');
    await inApp('app.BackButton.show(); app.SettingsButton.show()');
    await phone.getByRole('button', { name: 'Back' }).click();
    await logged('backButtonClicked');
    await phone.getByRole('button', { name: 'More' }).click();
    await phone.getByRole('button', { name: 'Settings' }).click();
    await logged('settingsButtonClicked');
    await inApp('app.BackButton.hide()');
    await phone.getByRole('button', { name: 'Close' }).waitFor();
  });

  it('takes a change of theme while it is open', async () => {
    assert.equal(await inApp('return app.colorScheme'), 'light');
    await watched.page.getByLabel('Theme').selectOption('dark');
    await logged('themeChanged');
    assert.equal(await inApp('return app.colorScheme'), 'dark');
    const css = 'return getComputedStyle(document.documentElement).getPropertyValue("--tg-theme-bg-color")';
    assert.equal(await inApp(css), '#212121');
  });

  it('knows its height, and gets insets when the phone has them', async () => {
    const height = await inApp('return window.innerHeight');
    assert.equal(await inApp('return app.viewportStableHeight'), height);
    await watched.page.getByLabel('Insets').check();
    await eventually(async () => (await inApp('return app.safeAreaInset.bottom')) === 34);
  });

  it('asks in popups of the host and hears which button was pressed', async () => {
    await inApp('app.showConfirm("Sure?", (ok) => { window.answer = ok; })');
    await watched.page.getByRole('dialog').getByRole('button', { name: 'OK' }).click();
    await eventually(async () => (await inApp('return window.answer')) === true);
    await inApp(
      'app.showPopup({ message: "Which?", buttons: [{ id: "x", type: "destructive", text: "Delete" }] }, ' +
        '(id) => { window.answer = id; })',
    );
    await watched.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await eventually(async () => (await inApp('return window.answer')) === 'x');
  });

  it('asks before it closes where something would be lost', async () => {
    await inApp('app.enableClosingConfirmation(); app.close()');
    await watched.page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    assert.equal(await watched.page.locator('iframe.frame').count(), 1);
    await inApp('app.close()');
    await watched.page.getByRole('dialog').getByRole('button', { name: 'Close anyway' }).click();
    await watched.page.locator('iframe.frame').waitFor({ state: 'detached' });
  });

  it('keeps what it stores, and shows its haptics', async () => {
    await inApp('app.CloudStorage.setItem("tour", "done"); app.DeviceStorage.setItem("seen", "1")');
    await inApp('app.CloudStorage.getItem("tour", (error, value) => { window.cloud = value; })');
    await inApp('app.DeviceStorage.getItem("seen", (error, value) => { window.device = value; })');
    await eventually(async () => (await inApp('return window.cloud')) === 'done');
    await eventually(async () => (await inApp('return window.device')) === '1');
    await inApp('app.HapticFeedback.impactOccurred("light")');
    await watched.page.locator('.haptic').waitFor();
  });

  it('pays an invoice in the same sheet, and hears how it ended', async () => {
    const link = await sandbox.bot<string>('createInvoiceLink', {
      title: '100 credits',
      description: 'For a hundred pictures',
      payload: 'order-7',
      currency: 'XTR',
      prices: [{ label: '100 credits', amount: 250 }],
    });
    await inApp(`app.openInvoice(${JSON.stringify(link)}, (status) => { window.paid = status; })`);
    await watched.page.getByRole('dialog').getByRole('button', { name: 'Pay 250' }).click();
    const { id } = await sandbox.nextUpdate<{ id: string }>('pre_checkout_query');
    await sandbox.bot('answerPreCheckoutQuery', { pre_checkout_query_id: id, ok: true });
    await eventually(async () => (await inApp('return window.paid')) === 'paid');
    await inApp(`app.openInvoice(${JSON.stringify(link)}, (status) => { window.paid = status; })`);
    await watched.page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await eventually(async () => (await inApp('return window.paid')) === 'cancelled');
  });

  it('leads back into the chat by a link of Telegram', async () => {
    const { username } = await sandbox.bot<{ username: string }>('getMe');
    await inApp(`app.openTelegramLink('https://t.me/${username}?start=ref_7')`);
    await watched.page.locator('.bubble-row.own', { hasText: '/start ref_7' }).waitFor();
  });

  it('shares the phone number only after the person has said so', async () => {
    await inApp('app.requestContact((sent) => { window.sent = sent; })');
    await watched.page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await eventually(async () => (await inApp('return window.sent')) === false);
    await inApp('app.requestContact((sent) => { window.sent = sent; })');
    await watched.page.getByRole('dialog').getByRole('button', { name: 'Share' }).click();
    await eventually(async () => (await inApp('return window.sent')) === true);
    await watched.page.locator('.bubble-row.own .contact').first().waitFor();
  });

  it('fills a window of a phone', async () => {
    await watched.page.setViewportSize(phoneSize);
    await eventually(async () => (await inApp('return window.innerWidth')) === phoneSize.width);
    await eventually(async () => (await inApp<number>('return app.viewportHeight')) > 700);
  });

  it('is not heard when it speaks from another origin', async () => {
    await watched.page.evaluate(`window.postMessage(JSON.stringify({ eventType: 'web_app_close' }), location.origin)`);
    await inApp('app.HapticFeedback.selectionChanged()');
    await watched.page.locator('.haptic').waitFor();
    assert.equal(await watched.page.locator('iframe.frame').count(), 1);
  });

  it('writes down what it asked, for tests', async () => {
    const calls = await inApp<{ call: string }[]>('return window.__telegramCalls');
    assert.ok(calls.some(({ call }) => call === 'web_app_ready'));
  });
});
