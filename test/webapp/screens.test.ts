import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { money } from '../../core/money.ts';
import { createLedger } from '../../ledger/ledger.ts';
import { phoneSize } from '../support/browser.ts';
import { repositoryPath, testHome } from '../support/environment.ts';
import { eventually } from '../support/eventually.ts';
import { liveALittle } from '../support/mini-app-story.ts';
import { because } from '../support/ledger.ts';
import {
  type MiniApp,
  seriousFindings,
  settled,
  sidewaysOverflow,
  smallSize,
  startMiniApp,
  type Theme,
} from '../support/mini-app.ts';

const themes: readonly Theme[] = ['light', 'dark', 'loud'];
/** Russian words are a third longer: they go onto the small phone. */
const windows = [
  { size: phoneSize, language: 'en' },
  { size: smallSize, language: 'ru' },
] as const;

describe('the screens of the Mini App', function () {
  this.timeout(120_000);
  let app: MiniApp;
  let screens: Readonly<Record<string, string>>;

  before(async () => {
    app = await startMiniApp();
    screens = await liveALittle(app, 'anna');
  });

  after(() => app.stop());

  for (const theme of themes) {
    for (const { size, language } of windows) {
      it(`are whole, readable and sound in ${language}, ${theme}, at ${size.width} px`, async () => {
        const { page, errors, requests } = await app.open({ theme, size, language });
        for (const [name, path] of Object.entries(screens)) {
          await show(page, path);
          if (theme === 'loud') await page.locator('.dev select').nth(1).selectOption('loud');
          const where = `${name} in ${theme}`;
          assert.deepEqual(await sidewaysOverflow(page), [], where);
          assert.deepEqual(await spiltSegments(page), [], where);
          assert.deepEqual(await seriousFindings(page), [], where);
          assert.deepEqual(await bareKeys(page), [], where);
          assert.deepEqual(await smallTargets(page), [], where);
          const folder = join(testHome(), 'screens');
          mkdirSync(folder, { recursive: true });
          await page.screenshot({ path: join(folder, `${name}-${language}-${theme}.png`) });
        }
        const origin = new URL(app.stack.api.url).origin;
        const foreign = requests.filter((url) => url.startsWith('http') && !url.startsWith(origin));
        assert.deepEqual(foreign, []);
        assert.deepEqual(errors, []);
        await page.context().close();
      });
    }
  }

  it('are empty at first, and say what to do next', async () => {
    const { page } = await app.open({ person: 'sonya', language: 'en' });
    await page.getByText('Your pictures will be here').waitFor();
    await page.getByRole('button', { name: 'History' }).click();
    await page.getByText('No pictures yet').waitFor();
    await page.getByRole('radio', { name: 'Operations' }).check();
    await page.getByText('No operations yet').waitFor();
    await page.getByRole('button', { name: 'Top up' }).click();
    await page.getByRole('heading', { name: 'Top up' }).waitFor();
  });

  it('bear a name of 64 characters and an amount of millions', async () => {
    const { stack } = app;
    const { userId } = await stack.api.logIn('oleg');
    await createLedger(stack.pool).credit({
      key: `test/${randomUUID()}`,
      cause: because('gift'),
      owner: userId,
      amount: money(9_999_999_999n, 'CREDIT'),
      bucket: 'paid',
      source: 'issued:CREDIT',
    });
    const { page } = await app.open({ person: 'oleg', language: 'ru', size: smallSize });
    await eventually(async () => /9.999.999.999/.test((await page.locator('.amount').textContent()) ?? ''));
    assert.deepEqual(await sidewaysOverflow(page), []);
    await page.route('**/api/v1/bootstrap', async (route) => {
      const answer = await (await route.fetch()).json();
      await route.fulfill({ json: { ...answer, user: { ...answer.user, firstName: 'Ж'.repeat(64) } } });
    });
    await show(page, '/profile');
    await page.getByText('Ж'.repeat(64)).waitFor();
    assert.deepEqual(await sidewaysOverflow(page), []);
  });
});

async function show(page: Page, path: string): Promise<void> {
  await page.goto(new URL(`/app${path}`, page.url()).href);
  await settled(page);
}

/** Names of a choice that run over into the next one. */
async function spiltSegments(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll('.choice-segments .choice-option')]
    .filter((element) => element.scrollWidth > element.clientWidth)
    .map((element) => element.textContent)`);
}

/** Keys of texts that stand on the screen in their own stead. */
async function bareKeys(page: Page): Promise<string[]> {
  const source = readFileSync(repositoryPath('locales/en/app.ftl'), 'utf8');
  const keys = new Set([...source.matchAll(/^([\w-]+-[\w-]+) =/gm)].map(([, key]) => key));
  const text = await page.evaluate<string>('document.body.innerText');
  const values = source.replaceAll(/^[\w-]+ =/gm, '');
  return text.split(/\s+/).filter((word) => keys.has(word) && !values.includes(word));
}

/** What can be pressed and is smaller than a finger; words within a line excepted. */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll('#app button, #app a, #app summary')]
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0 && (box.height < 43.5 || box.width < 43.5))
    .map(({ element, box }) => element.className + ' ' + Math.round(box.width) + 'x' + Math.round(box.height))`);
}
