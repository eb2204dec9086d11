import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { demoUsers } from '../../core/demo.ts';
import { openBrowser, openPage } from '../support/browser.ts';
import { openSandbox, type Sandbox } from '../support/sandbox.ts';

const boris = demoUsers.find(({ name }) => name === 'boris')!.telegramId;

describe('The clock of the sandbox', function () {
  this.timeout(60_000);
  let browser: Browser;
  let sandbox: Sandbox;
  let page: Page;
  before(async () => {
    [browser, sandbox] = await Promise.all([openBrowser(), openSandbox()]);
    ({ page } = await openPage(browser));
    await page.goto(`${sandbox.url}/?person=${boris}`);
  });
  after(async () => {
    await browser?.close();
    await sandbox?.close();
  });

  const aheadMs = async () =>
    ((await (await fetch(`${sandbox.url}/_sim/clock`)).json()) as { aheadMs: number }).aheadMs;
  const shown = () => page.getByLabel('Clock').locator('option').first().innerText();

  it('shows the true time and no way back while it is true', async () => {
    await page.getByLabel('Clock').waitFor();
    assert.equal(await shown(), 'True time');
    assert.equal(await page.getByRole('button', { name: 'Back to true time' }).count(), 0);
  });

  it('runs ahead, says by how much over a reload, and messages get its dates', async () => {
    await page.getByLabel('Clock').selectOption({ label: 'Run ahead 30 days' });
    await page.getByRole('button', { name: 'Back to true time' }).waitFor();
    await page.getByLabel('Clock').selectOption({ label: 'Run ahead 1 hour' });
    await page.getByLabel('Clock').locator('option', { hasText: '+30 days 1 hour' }).waitFor({ state: 'attached' });
    assert.equal(await aheadMs(), (30 * 24 + 1) * 3_600_000);
    await page.reload();
    await page.getByRole('button', { name: 'Back to true time' }).waitFor();
    await sandbox.person(boris, 'start');
    const { date } = await sandbox.nextUpdate<{ date: number }>('message');
    assert.ok(date * 1_000 > Date.now() + 30 * 86_400_000);
  });

  it('goes back to the true time by one press', async () => {
    await page.getByRole('button', { name: 'Back to true time' }).click();
    await page.getByRole('button', { name: 'Back to true time' }).waitFor({ state: 'detached' });
    assert.equal(await aheadMs(), 0);
    assert.equal(await shown(), 'True time');
  });
});
