import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, openPage, phoneSize, type Watched } from './browser.ts';
import { readFile } from 'node:fs/promises';
import { repositoryPath } from './environment.ts';
import { eventually } from './eventually.ts';
import { type Stack, startStack, type StackOptions } from './stack.ts';

/** The size of the smallest phone that is still about. */
export const smallSize = { width: 320, height: 568 };

export type Theme = 'light' | 'dark' | 'loud';

export interface OpenOptions {
  readonly person?: string;
  /** Under `/app`, default the first screen. */
  readonly path?: string;
  readonly size?: { readonly width: number; readonly height: number };
  readonly theme?: Theme;
  readonly language?: 'ru' | 'en';
  /** Pixels of the picture to one of the page; default 1. */
  readonly scale?: number;
}

/** The Mini App in a real browser over a whole stack, as one of the demo people. */
export interface MiniApp {
  readonly stack: Stack;
  readonly browser: Browser;
  open(options?: OpenOptions): Promise<Watched>;
  stop(): Promise<void>;
}

export async function startMiniApp(options: StackOptions = {}): Promise<MiniApp> {
  const [stack, browser] = await Promise.all([startStack({ replayAlways: false, ...options }), openBrowser()]);
  return {
    stack,
    browser,
    async open(wanted = {}) {
      const { person = 'anna', path = '/', size = phoneSize, theme = 'light', language = 'en', scale = 1 } = wanted;
      const watched = await openPage(browser, {
        viewport: size,
        deviceScaleFactor: scale,
        colorScheme: theme === 'dark' ? 'dark' : 'light',
        locale: language === 'ru' ? 'ru-RU' : 'en-GB',
        timezoneId: 'Europe/Moscow',
        hasTouch: true,
      });
      watched.page.setDefaultTimeout(8_000);
      await setLanguage(stack, person, language);
      const joint = path.includes('?') ? '&' : '?';
      await watched.page.goto(`${stack.api.url}/app${path}${joint}person=${person}`);
      await settled(watched.page);
      if (theme === 'loud') await watched.page.locator('.dev select').nth(1).selectOption('loud');
      return watched;
    },
    async stop() {
      await browser.close();
      await stack.stop();
    },
  };
}

async function setLanguage({ api }: Stack, person: string, language: string): Promise<void> {
  const { token } = await api.logIn(person);
  const { status } = await api.call('PATCH', '/me', { token, body: { language } });
  assert.equal(status, 200);
}

/** The screen is there: nothing of it is on its way any more. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector('main.screen:not([aria-busy])');
  await eventually(async () => (await page.locator('.skeleton, .picture-loading').count()) === 0);
}

/** Runs in the page. What scrolls by itself may be wider than the window. */
const findOverflow = `(() => {
  const width = document.documentElement.clientWidth;
  return [...document.querySelectorAll('#app *')]
    .filter((element) => !element.closest('.carousel, .choice-chips, .gallery, .grain, .frame, .tile-state'))
    .filter((element) => !element.closest('.progress-line, .visually-hidden, .button-progress'))
    .filter((element) => element.getBoundingClientRect().right > width + 0.5)
    .map((element) => element.tagName + '.' + element.className);
})()`;

/** What stands out of the window sideways. */
export async function sidewaysOverflow(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(findOverflow);
}

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe-core finds serious or worse. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(await axeSource());
  const violations = await page.evaluate<Violation[]>('axe.run(document).then(({ violations }) => violations)');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

async function axeSource(): Promise<string> {
  return readFile(repositoryPath('node_modules/axe-core/axe.min.js'), 'utf8');
}

/** Pays at the simulator what a page of ours has opened, as the person would. */
export async function payOutside({ shop }: Stack, payUrl: string): Promise<void> {
  const paymentId = new URL(payUrl).searchParams.get('orderId');
  await shop.control(`/payments/${paymentId}/succeed`);
}
