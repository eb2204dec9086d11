import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, openPage } from '../support/browser.ts';
import { type MiniAppPage, openMiniAppPage, openSandbox, type Sandbox } from '../support/sandbox.ts';

const html = (simulatorUrl: string): string =>
  `<!doctype html><title>App</title><script src="${simulatorUrl}/sandbox/telegram-web-app.js"></script><body></body>`;

/** The documented surface, as an app without a frame around it sees it. */
describe('window.Telegram.WebApp of the sandbox', function () {
  this.timeout(60_000);
  let browser: Browser;
  let sandbox: Sandbox;
  let site: MiniAppPage;

  before(async () => {
    site = await openMiniAppPage(html);
    [browser, sandbox] = await Promise.all([openBrowser(), openSandbox()]);
    site.lookAt(sandbox.url);
  });
  after(async () => {
    await browser?.close();
    await sandbox?.close();
    await site?.close();
  });

  const open = async (hash: string): Promise<Page> => {
    const { page } = await openPage(browser);
    await page.goto(`${site.url}#${hash}`);
    return page;
  };
  /** What a call throws, by name; undefined where it goes through. */
  const thrown = (page: Page, call: string): Promise<string | undefined> =>
    page.evaluate(`(() => { try { Telegram.WebApp.${call}; } catch (error) { return error.message; } })()`);

  it('has every method and object of its documentation', async () => {
    const page = await open('tgWebAppVersion=9.1');
    const missing = await page.evaluate(
      `${JSON.stringify(documented)}.filter((name) => Telegram.WebApp[name] === undefined)`,
    );
    assert.deepEqual(missing, []);
    await page.context().close();
  });

  it('refuses by name what the client of that version does not know', async () => {
    const page = await open('tgWebAppVersion=6.0');
    const newer = ['openInvoice("https://t.me/$x")', 'showAlert("x")', 'requestContact()', 'requestFullscreen()'];
    for (const call of newer) assert.equal(await thrown(page, call), 'WebAppMethodUnsupported', call);
    assert.equal(await thrown(page, 'HapticFeedback.selectionChanged()'), undefined);
    assert.equal(await page.evaluate('Telegram.WebApp.isVersionAtLeast("6.1")'), false);
    assert.equal(await page.evaluate('window.__telegramCalls.some(({ call }) => call.includes("haptic"))'), false);
    await page.context().close();
  });

  it('knows that 6.10 is newer than 6.9', async () => {
    const page = await open('tgWebAppVersion=6.10');
    assert.equal(await page.evaluate('Telegram.WebApp.isVersionAtLeast("6.9")'), true);
    await page.context().close();
  });

  it('refuses parameters that the host would not take', async () => {
    const page = await open('tgWebAppVersion=9.1');
    const refused = {
      'showPopup({ message: "" })': 'WebAppPopupParamInvalid',
      'showPopup({ message: "x", buttons: [] })': 'WebAppPopupParamInvalid',
      'MainButton.setText(" ")': 'WebAppBottomButtonParamInvalid',
      'MainButton.setParams({ color: "reddish" })': 'WebAppBottomButtonParamInvalid',
      'setHeaderColor("loud")': 'WebAppHeaderColorInvalid',
      'openInvoice("https://example.org/x")': 'WebAppInvoiceUrlInvalid',
      'openTelegramLink("https://example.org/x")': 'WebAppTgUrlInvalid',
      'HapticFeedback.impactOccurred("loud")': 'WebAppHapticImpactStyleInvalid',
      'sendData("")': 'WebAppDataInvalid',
      'downloadFile({ url: "http://example.org/x", file_name: "x" })': 'WebAppDownloadFileParamInvalid',
    };
    for (const [call, error] of Object.entries(refused)) assert.equal(await thrown(page, call), error, call);
    assert.equal(await thrown(page, 'showAlert("one")'), undefined);
    assert.equal(await thrown(page, 'showAlert("two")'), 'WebAppPopupOpened');
    await page.context().close();
  });

  it('keeps its launch parameters over a reload that has lost the hash', async () => {
    const theme = encodeURIComponent(JSON.stringify({ bg_color: '#101010', text_color: '#eeeeee' }));
    const page = await open(`tgWebAppVersion=8.0&tgWebAppPlatform=android&tgWebAppThemeParams=${theme}`);
    assert.equal(await page.evaluate('Telegram.WebApp.colorScheme'), 'dark');
    await page.evaluate('history.replaceState(null, "", location.pathname + "#/history")');
    await page.reload();
    assert.equal(await page.evaluate('Telegram.WebApp.platform'), 'android');
    assert.equal(await page.evaluate('Telegram.WebApp.version'), '8.0');
    assert.equal(await page.evaluate('Telegram.WebApp.themeParams.text_color'), '#eeeeee');
    await page.context().close();
  });
});

const documented = [
  ...['initData', 'initDataUnsafe', 'version', 'platform', 'colorScheme', 'themeParams', 'isActive', 'isExpanded'],
  ...['viewportHeight', 'viewportStableHeight', 'headerColor', 'backgroundColor', 'bottomBarColor'],
  ...['isClosingConfirmationEnabled', 'isVerticalSwipesEnabled', 'isFullscreen', 'isOrientationLocked'],
  ...['safeAreaInset', 'contentSafeAreaInset', 'BackButton', 'MainButton', 'SecondaryButton', 'SettingsButton'],
  ...['HapticFeedback', 'CloudStorage', 'BiometricManager', 'Accelerometer', 'DeviceOrientation', 'Gyroscope'],
  ...['LocationManager', 'DeviceStorage', 'SecureStorage', 'isVersionAtLeast', 'setHeaderColor'],
  ...['setBackgroundColor', 'setBottomBarColor', 'enableClosingConfirmation', 'disableClosingConfirmation'],
  ...['enableVerticalSwipes', 'disableVerticalSwipes', 'requestFullscreen', 'exitFullscreen', 'lockOrientation'],
  ...['unlockOrientation', 'addToHomeScreen', 'checkHomeScreenStatus', 'onEvent', 'offEvent', 'sendData'],
  ...['switchInlineQuery', 'openLink', 'openTelegramLink', 'openInvoice', 'shareToStory', 'shareMessage'],
  ...['setEmojiStatus', 'requestEmojiStatusAccess', 'downloadFile', 'hideKeyboard', 'showPopup', 'showAlert'],
  ...['showConfirm', 'showScanQrPopup', 'closeScanQrPopup', 'readTextFromClipboard', 'requestWriteAccess'],
  ...['requestContact', 'ready', 'expand', 'close'],
];
