import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { buildPages } from '../../webapp/build.ts';
import { repositoryFolder } from '../support/environment.ts';
import { settled, startMiniApp } from '../support/mini-app.ts';
import { liveALittle } from '../support/mini-app-story.ts';

/*
 * Makes the pictures of the Mini App that stand in the documents, out of the real thing: `npm run screenshots`.
 */

const folder = join(repositoryFolder, 'docs', 'images');
const shown = ['home', 'topup', 'topup-credited', 'generate', 'result', 'history', 'transaction'];
/** Enough for a picture of a phone on a page. */
const scale = 2;

mkdirSync(folder, { recursive: true });
await buildPages();
const app = await startMiniApp({ studio: { preparedPicture: false } });
try {
  const screens = await liveALittle(app, 'anna');
  for (const [theme, language] of [
    ['light', 'en'],
    ['dark', 'ru'],
  ] as const) {
    const { page } = await app.open({ theme, language, scale });
    for (const name of shown) {
      await page.goto(`${app.stack.api.url}/app${screens[name]}`);
      await settled(page);
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
