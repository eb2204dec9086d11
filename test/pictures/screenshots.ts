import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { buildPages } from '../../webapp/build.ts';
import { repositoryFolder } from '../support/environment.ts';
import { settled, startMiniApp } from '../support/mini-app.ts';
import { liveALittle } from '../support/mini-app-story.ts';
import { createStarShop } from '../support/star-shop.ts';

/*
 * Makes the pictures of the Mini App that stand in the documents, out of the real thing: `npm run screenshots`.
 */

const folder = join(repositoryFolder, 'docs', 'images');
const shown = [
  'home',
  'topup',
  'topup-credited',
  'generate',
  'result',
  'history',
  'transaction',
  'stars',
  'star-purchase',
];
/** Enough for a picture of a phone on a page. */
const scale = 2;

/** 100 Stars for somebody, as far as the price. */
async function askForStars(page: Page): Promise<void> {
  await page.getByRole('radio', { name: /^100/ }).check();
  await page.getByRole('textbox').first().fill('clara');
  await page.locator('.quote-card').waitFor();
}

mkdirSync(folder, { recursive: true });
await buildPages();
const app = await startMiniApp({ studio: { preparedPicture: false } });
try {
  const { userId } = await app.stack.api.logIn('anna');
  const stars = createStarShop(app.stack);
  await stars.give(userId, 12_000_000_000n);
  const priceNano = 1_680_000_000n;
  const purchaseId = await stars.hold(userId, { priceNano, quantity: 100, recipient: 'clara', recipientName: 'Clara' });
  await stars.sign(purchaseId);
  const screens: Record<string, string> = {
    ...(await liveALittle(app, 'anna')),
    stars: '/stars',
    'star-purchase': `/star-purchase/${purchaseId}`,
  };
  for (const [theme, language] of [
    ['light', 'en'],
    ['dark', 'ru'],
  ] as const) {
    const { page } = await app.open({ theme, language, scale });
    await stars.quote(page, userId, { priceNano });
    for (const name of shown) {
      await page.goto(`${app.stack.api.url}/app${screens[name]}`);
      await settled(page);
      if (name === 'stars') await askForStars(page);
      // The development toolbar is no part of the app.
      await page.evaluate('document.querySelector(".dev").remove()');
      const picture = await page.screenshot();
      await sharp(picture)
        .png({ palette: true, quality: 90 })
        .toFile(join(folder, `mini-app-${name}-${theme}.png`));
    }
    await page.context().close();
  }
} finally {
  await app.stop();
}
process.exit();
