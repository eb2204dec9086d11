import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Board } from '../../cli/start/board.ts';
import { openBrowser, openPage, type Watched } from '../support/browser.ts';
import { logIn } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { clearHome, newHome, runVerbIn, startWholeStack, type WholeStack } from '../support/whole-stack.ts';

/** The tour that a newcomer takes by hand: two people and languages, the chat and the Mini App, a crash between. */
describe('a tour of the sandbox', function () {
  this.timeout(240_000);
  let home = '';
  let stack: WholeStack;
  let browser: Browser;

  before(async () => {
    home = newHome();
    [stack, browser] = await Promise.all([startWholeStack(home), openBrowser()]);
  });
  after(async () => {
    await browser.close();
    await stack.interrupt();
    await clearHome(home);
  });

  async function openAs(telegramId: number): Promise<Watched> {
    const watched = await openPage(browser, { viewport: { width: 1280, height: 800 } });
    await watched.page.goto(`${stack.board.sandbox}?person=${telegramId}`);
    return watched;
  }

  let shots = 0;
  async function shoot(page: Page, name: string): Promise<void> {
    const folder = join(home, '..', 'tour');
    mkdirSync(folder, { recursive: true });
    shots += 1;
    await page.screenshot({ path: join(folder, `${String(shots).padStart(2, '0')}-${name}.png`) });
  }

  /** In the bubbles, not in the list of chats, which shows the last words too. */
  const inChat = (page: Page, text: string | RegExp) => page.locator('[data-message]').getByText(text).last();

  const person = (board: Board, name: string): number =>
    board.demo.users.find((user) => user.name === name)?.telegramId ?? assert.fail();

  async function tap(page: Page, name: RegExp): Promise<void> {
    await page.getByRole('button', { name }).last().click();
  }

  it('Anna tops up in Stars and orders a picture in the chat; killed in the middle, it still arrives, once', async () => {
    const anna = person(stack.board, 'anna');
    const { page } = await openAs(anna);
    await page.getByText('НАЧАТЬ', { exact: false }).click();
    await tap(page, /^Пополнить/);
    await tap(page, /^100 кредитов/);
    await tap(page, /Звёзды/);
    await tap(page, /^Оплатить 300/);
    await shoot(page, 'anna-pays');
    await tap(page, /^Заплатить/);
    await inChat(page, 'Зачислено: 100 кредитов').waitFor();
    await tap(page, /Нарисовать/);
    await tap(page, /^Nano Banana · 4/);
    await page.getByRole('textbox').last().fill('маяк в шторм [slow:15s]');
    await page.keyboard.press('Enter');
    await tap(page, /^Нарисовать за 4/);
    await inChat(page, /Рисуем… \d+ %/).waitFor();
    await shoot(page, 'anna-watches');
    const messagesBefore = await page.locator('[data-message]').count();
    await stack.killTree();

    stack = await startWholeStack(home);
    const { page: again } = await openAs(anna);
    await inChat(again, 'Списано: 4 кредита').waitFor({ timeout: 120_000 });
    await shoot(again, 'anna-has-her-picture');
    assert.equal(await again.locator('[data-message]').count(), messagesBefore, 'the same message shows the picture');
    assert.deepEqual(await (await logIn(stack.board, 'anna')).credits(), { available: '96', held: '0' });
  });

  it('Boris opens the Mini App in the chat, buys credits by card and a picture there', async () => {
    const { page, errors, requests } = await openAs(person(stack.board, 'boris'));
    await page.getByText('START', { exact: false }).click();
    await tap(page, /Open the app/);
    const app = page.frameLocator('iframe');
    await app
      .getByRole('button', { name: 'Top up' })
      .or(app.getByRole('link', { name: 'Top up' }))
      .first()
      .click();
    await shoot(page, 'boris-chooses-a-pack');
    const boris = await logIn(stack.board, 'boris');
    await boris.buyCredits('credits-100');
    await page.getByRole('button', { name: 'Back' }).last().click();
    await app
      .getByText(/^100 credits$/)
      .first()
      .waitFor();
    await app.getByText('New picture').click();
    await app.getByRole('textbox').first().fill('a fox in the snow');
    await shoot(page, 'boris-describes');
    await page
      .getByRole('button', { name: /4 credits/ })
      .last()
      .click();
    await eventually(async () => (await boris.credits()).available === '96', { withinMs: 30_000 });
    await app.getByRole('img').first().waitFor();
    await shoot(page, 'boris-has-his-picture');
    const hosts = new Set(requests.filter((url) => /^(http|ws)/.test(url)).map((url) => new URL(url).hostname));
    assert.deepEqual([...hosts], ['127.0.0.1']);
    assert.deepEqual(errors, []);
  });

  it('and the books are in order', () => {
    const audit = runVerbIn(home, 'audit');
    assert.equal(audit.status, 0, audit.stdout);
  });
});
