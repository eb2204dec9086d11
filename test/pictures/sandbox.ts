import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { demoUsers } from '../../core/demo.ts';
import { openBrowser, openPage, phoneSize } from '../support/browser.ts';
import { repositoryFolder } from '../support/environment.ts';
import { eventually } from '../support/eventually.ts';

/*
 * The pictures of the sandbox and the panel in the docs: `FRAGMENT_DELIVERY_DEADLINE_SECONDS=20 npm start`, then
 * `node test/pictures/sandbox.ts [home]`. They show what the running bot, Mini App and panel answer.
 * Emoji need a font with them, such as Debian's fonts-noto-color-emoji.
 */
const board = JSON.parse(readFileSync(join(resolve(process.argv[2] ?? '.holdfast'), 'board.json'), 'utf8')) as {
  readonly api: string;
  readonly sandbox: string;
};
const images = join(repositoryFolder, 'docs', 'images');
const wide = { width: 1440, height: 900 };
const [anna, boris] = demoUsers.map(({ telegramId }) => telegramId);

async function answered(page: Page, act: () => Promise<unknown>): Promise<void> {
  const before = await page.locator('.messages').innerText();
  await act();
  const isNew = async (): Promise<boolean> => (await page.locator('.messages').innerText()) !== before;
  await eventually(async () => (await isNew()) && (await page.locator('.bubble-row').last().isVisible()));
  await page.locator('.bubble-row:not(.own)').last().waitFor();
}

async function open(page: Page, query: Readonly<Record<string, string>>): Promise<void> {
  await page.goto(`${board.sandbox}?${new URLSearchParams(query).toString()}`);
  await page.locator('.foot, .foot-button').first().waitFor();
}

async function say(page: Page, text: string): Promise<void> {
  await page.locator('.composer textarea').fill(text);
  await page.keyboard.press('Enter');
  const isAnswered = async (): Promise<boolean> => !/ own/.test((await lastRow(page).getAttribute('class')) ?? '');
  await page.locator('.bubble-row.own', { hasText: text }).last().waitFor();
  await eventually(isAnswered);
}

function lastRow(page: Page): Locator {
  return page.locator('.bubble-row').last();
}

async function press(page: Page, text: RegExp): Promise<void> {
  await answered(page, () => page.locator('.inline-button', { hasText: text }).last().click());
}

async function take(page: Page, name: string): Promise<void> {
  // The day stays over the messages for as long as they move.
  await page.locator('.messages:not(.scrolling), .foot-button').first().waitFor();
  await shoot(page, name);
}

async function shoot(page: Page, name: string): Promise<void> {
  const picture = await page.screenshot();
  await sharp(picture)
    .png({ palette: true, quality: 90 })
    .toFile(join(images, `${name}.png`));
}

/** Acts, and waits for one more of something. */
async function one(page: Page, something: Locator, act: () => Promise<unknown>): Promise<void> {
  await page.locator('.messages').waitFor();
  const before = await something.count();
  await act();
  await eventually(async () => (await something.count()) > before, { withinMs: 60_000 });
}

/** Meets the bot, buys credits with Stars, has a picture made. */
async function buy(page: Page): Promise<void> {
  const start = page.locator('.foot-button');
  if ((await start.count()) > 0) await start.click();
  else
    await page
      .locator('.composer textarea')
      .fill('/start')
      .then(() => page.keyboard.press('Enter'));
  await page.locator('.inline-button').last().waitFor();
  await press(page, /Пополнить/);
  await press(page, /^100/);
  await press(page, /звёзд/);
  await page
    .locator('.inline-button', { hasText: /Оплатить/ })
    .last()
    .click();
  await one(page, page.locator('.bubble', { hasText: 'Зачислено' }), () =>
    page.locator('.sheet-actions .filled').click(),
  );
  await say(page, '/generate');
  await press(page, /^Nano Banana ·/);
  await say(page, 'Маяк в шторм, масло, холст');
  const draw = page.locator('.inline-button', { hasText: 'Нарисовать за' }).last();
  await one(page, page.locator('.photo img.loaded'), () => draw.click());
}

/** Tops up in crypto, buys 100 Stars for Bob, and as many for somebody whom nothing reaches. */
async function buyStars(page: Page): Promise<void> {
  await say(page, '/buy_stars 100 @bob_the_cat');
  await press(page, /^Пополнить на 5\sTON/);
  await press(page, /^Криптовалюта/);
  const popup = page.waitForEvent('popup');
  await page
    .locator('.inline-button, .inline-buttons a', { hasText: /^Оплатить 16 USDT/ })
    .last()
    .click();
  const heleket = await popup;
  await heleket.getByRole('button', { name: /^USDT · TON/ }).click();
  await one(page, page.locator('.bubble', { hasText: 'Баланс пополнен' }), () =>
    heleket.getByRole('button', { name: /^Send 16 USDT/ }).click(),
  );
  await press(page, /^Продолжить/);
  const buyFor = page.locator('.inline-button', { hasText: /^Купить за/ });
  await one(page, page.locator('.bubble', { hasText: 'Звезды куплены' }), () => buyFor.last().click());
  await take(page, 'sandbox-stars-light');
  await say(page, '/buy_stars 50 @lost_parcel');
  await one(page, page.locator('.bubble', { hasText: 'Разбираемся' }), () => buyFor.last().click());
}

/** What an operator sees of the purchase that waits for a person. */
async function decide(page: Page): Promise<void> {
  await page.goto(`${board.api}/admin/?person=sonya`);
  await page.getByRole('link', { name: /Звёзды: доставка неизвестна/ }).click();
  await page.getByRole('button', { name: 'Не доставлено' }).waitFor();
  await shoot(page, 'panel-case-light');
}

const browser = await openBrowser();
const { page } = await openPage(browser, { viewport: wide });
await open(page, { person: String(anna), theme: 'light' });
await buy(page);
for (const theme of ['light', 'dark', 'custom']) {
  await open(page, { person: String(anna), theme, insets: 'on' });
  await page.locator('.photo img.loaded').last().waitFor();
  await page.locator('.composer .menu-app').click();
  await page.frameLocator('iframe.frame').getByText('кредит').first().waitFor();
  await take(page, `sandbox-${theme}`);
}
await page.setViewportSize(phoneSize);
for (const theme of ['light', 'dark']) {
  await open(page, { person: String(anna), theme });
  await page.locator('.photo img.loaded').last().waitFor();
  await take(page, `sandbox-phone-${theme}`);
}
await open(page, { person: String(boris), theme: 'light' });
await take(page, 'sandbox-new-chat');
await page.setViewportSize(wide);
await open(page, { person: String(anna), theme: 'light' });
await buyStars(page);
await decide(page);
await browser.close();
