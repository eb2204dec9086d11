import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { demoUsers } from '../../core/demo.ts';
import { openBrowser, openPage, phoneSize } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { openSandbox, type Sandbox } from '../support/sandbox.ts';

const anna = demoUsers.find(({ name }) => name === 'anna')!.telegramId;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds serious or worse, as rule and place. */
async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const run = (globalThis as unknown as { axe: { run(): Promise<AxeResult> } }).axe.run();
    const { violations } = await run;
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    return serious.flatMap(({ id, nodes }) =>
      nodes.map(({ html, any }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ''}`),
    );
  });
}

/** Of the page once it rests: what axe sees while rows still come in is nobody's look at it. */
async function assertNothingSerious(page: Page): Promise<void> {
  let findings: string[] = [];
  const isClean = async () => (findings = await seriousFindings(page)).length === 0;
  await eventually(isClean, { withinMs: 5_000, everyMs: 250 }).catch(() => assert.deepEqual(findings, []));
}

interface Found {
  readonly html: string;
  readonly any: readonly { readonly message: string }[];
}

interface AxeResult {
  readonly violations: readonly { id: string; impact: string; nodes: readonly Found[] }[];
}

describe('The sandbox page, looked at', function () {
  this.timeout(60_000);
  let browser: Browser;
  let sandbox: Sandbox;

  before(async () => {
    [browser, sandbox] = await Promise.all([openBrowser(), openSandbox()]);
    await sandbox.person(anna, 'start');
    await sandbox.bot('sendMessage', {
      chat_id: anna,
      parse_mode: 'HTML',
      text: '<b>Welcome</b>\n<blockquote>Four credits are held.</blockquote> <code>100</code> /help',
      reply_markup: {
        inline_keyboard: [
          [
            { text: 'Go', callback_data: 'go' },
            { text: 'Read', url: 'https://t.me/x' },
          ],
        ],
      },
    });
    await sandbox.person(anna, 'message', { text: 'A lighthouse in a storm' });
  });
  after(async () => {
    await browser?.close();
    await sandbox?.close();
  });

  for (const theme of ['light', 'dark', 'custom']) {
    it(`has nothing serious for axe in the ${theme} theme`, async () => {
      const { page, context } = await openPage(browser);
      await page.goto(`${sandbox.url}/?person=${anna}&theme=${theme}`);
      await page.locator('.bubble').first().waitFor();
      await assertNothingSerious(page);
      await context.close();
    });
  }

  it('has nothing serious for axe with an invoice on the sheet', async () => {
    const prices = [{ label: '100 credits', amount: 250 }];
    const invoice = { title: '100 credits', description: 'For pictures', payload: 'order-1', currency: 'XTR', prices };
    await sandbox.bot('sendInvoice', { chat_id: anna, ...invoice });
    const { page, context } = await openPage(browser);
    await page.goto(`${sandbox.url}/?person=${anna}&theme=light`);
    await page.getByRole('button', { name: 'Заплатить 250' }).last().click();
    await page.getByRole('dialog').waitFor();
    await assertNothingSerious(page);
    await context.close();
  });

  for (const width of [320, 390]) {
    it(`shows one pane at a time at ${width} px, and nothing scrolls sideways`, async () => {
      const { page, context } = await openPage(browser, { viewport: { ...phoneSize, width } });
      await page.goto(`${sandbox.url}/?person=${anna}`);
      await page.locator('.bubble').first().waitFor();
      assert.equal(await page.locator('.people-pane').isVisible(), false);
      assert.equal(await page.locator('.phone-pane').isVisible(), false);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
      await page.getByRole('main').getByRole('button', { name: 'Назад' }).click();
      await page.getByRole('navigation').waitFor();
      assert.equal(await page.locator('.chat-pane').isVisible(), false);
      await context.close();
    });
  }

  it('returns to the same person and theme after a reload', async () => {
    const { page, context } = await openPage(browser);
    await page.goto(sandbox.url);
    await page.getByRole('navigation').getByRole('button', { name: 'Oleg' }).click();
    await page.getByLabel('Theme').selectOption('custom');
    await page.reload();
    await page.locator('[aria-current=true]', { hasText: 'Oleg' }).waitFor();
    assert.equal(await page.getByLabel('Theme').inputValue(), 'custom');
    await context.close();
  });

  it('asks no other host for anything', async () => {
    const { page, context, requests } = await openPage(browser);
    await page.goto(`${sandbox.url}/?person=${anna}`);
    await page.locator('.bubble').first().waitFor();
    assert.ok(requests.length > 4);
    assert.deepEqual(
      requests.filter((address) => !address.startsWith(sandbox.url) && !address.startsWith('data:')),
      [],
    );
    await context.close();
  });

  it('speaks the language of the person, and changes it', async () => {
    const { page, context } = await openPage(browser);
    await page.goto(`${sandbox.url}/?person=${anna}`);
    await page.getByRole('heading', { name: 'Кем быть' }).waitFor();
    await page.getByLabel('Язык').selectOption('en');
    await page.getByRole('heading', { name: 'People to be' }).waitFor();
    await page.getByLabel('Language').selectOption('ru');
    await page.getByRole('heading', { name: 'Кем быть' }).waitFor();
    await context.close();
  });
});
