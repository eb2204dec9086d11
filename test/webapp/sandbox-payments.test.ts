import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { demoUsers } from '../../core/demo.ts';
import { openBrowser, openPage, type Watched } from '../support/browser.ts';
import { openSandbox, type Sandbox } from '../support/sandbox.ts';

const boris = demoUsers.find(({ name }) => name === 'boris')!.telegramId;

describe('Paying in the sandbox', function () {
  this.timeout(60_000);
  let browser: Browser;
  let sandbox: Sandbox;
  let watched: Watched;

  before(async () => {
    [browser, sandbox] = await Promise.all([openBrowser(), openSandbox()]);
    await sandbox.person(boris, 'start');
  });
  after(async () => {
    await browser?.close();
    await sandbox?.close();
  });
  beforeEach(async () => {
    watched = await openPage(browser);
    await watched.page.goto(`${sandbox.url}/?person=${boris}`);
    await sandbox.bot('sendInvoice', {
      chat_id: boris,
      title: '100 credits',
      description: 'For a hundred pictures',
      payload: 'order-1',
      currency: 'XTR',
      prices: [{ label: '100 credits', amount: 250 }],
    });
    await watched.page
      .getByRole('main')
      .getByRole('button', { name: /Pay 250/ })
      .last()
      .click();
  });
  afterEach(async () => {
    await watched.context.close();
    assert.deepEqual(watched.errors, []);
  });

  const answer = async (verdict: Readonly<Record<string, unknown>>) => {
    const { id } = await sandbox.nextUpdate<{ id: string }>('pre_checkout_query');
    await sandbox.bot('answerPreCheckoutQuery', { pre_checkout_query_id: id, ...verdict });
  };
  const sheet = () => watched.page.getByRole('dialog');

  it('pays an invoice with Stars, and the bot learns of it', async () => {
    await sheet()
      .getByRole('button', { name: /^Pay 250$/ })
      .click();
    await answer({ ok: true });
    const paid = await sandbox.nextUpdate<{ successful_payment?: { total_amount: number } }>('message');
    assert.equal(paid.successful_payment?.total_amount, 250);
    await watched.page.locator('.pill', { hasText: 'You paid' }).last().waitFor();
    assert.equal(await sheet().count(), 0);
  });

  it('says why the bot refused', async () => {
    await sheet()
      .getByRole('button', { name: /^Pay 250$/ })
      .click();
    await answer({ ok: false, error_message: 'This order is already paid' });
    await watched.page.locator('.toast', { hasText: 'This order is already paid' }).waitFor();
  });

  it('reports one payment twice when it is told to, as Telegram may', async () => {
    await sheet().getByRole('button', { name: 'Pay, and report it twice' }).click();
    await answer({ ok: true });
    const charge = async () =>
      (await sandbox.nextUpdate<{ successful_payment?: { telegram_payment_charge_id: string } }>('message'))
        .successful_payment?.telegram_payment_charge_id;
    const first = await charge();
    assert.ok(first);
    assert.equal(await charge(), first);
  });

  it('fails the next payment, and only that one', async () => {
    await sheet().getByRole('button', { name: 'Cancel' }).click();
    await watched.page.getByLabel('Fail the next payment').check();
    await watched.page
      .getByRole('main')
      .getByRole('button', { name: /Pay 250/ })
      .last()
      .click();
    await sheet().getByRole('button', { name: 'Pay 250' }).click();
    await answer({ ok: true });
    await watched.page.locator('.toast', { hasText: 'The payment failed' }).waitFor();
    assert.equal(await watched.page.getByLabel('Fail the next payment').isChecked(), false);
  });

  it('is left without paying', async () => {
    await sheet().getByRole('button', { name: 'Cancel' }).click();
    await sheet().waitFor({ state: 'detached' });
  });
});
