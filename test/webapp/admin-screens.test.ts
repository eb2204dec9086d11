import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, openPage, phoneSize } from '../support/browser.ts';
import { repositoryPath, testHome } from '../support/environment.ts';
import { eventually } from '../support/eventually.ts';
import { seriousFindings, settled, sidewaysOverflow, smallSize, type Theme } from '../support/mini-app.ts';
import { openOffice, type Office } from '../support/office.ts';
import { parkPurchase } from '../support/parked-purchase.ts';
import { type Stack, startStack } from '../support/stack.ts';

const deskSize = { width: 1280, height: 800 };
const windows = [
  { size: deskSize, language: 'en' },
  { size: phoneSize, language: 'en' },
  { size: smallSize, language: 'ru' },
] as const;

const ourAddress = '0:5f1c9d8a2c4b7e60d3a1f0b9c8e7d6a5b4c3d2e1f0a9b8c7d6e5f4a3b2c1d0e9';

const ourFriendlyAddress = 'UQBfHJ2KLEt-YNOh8LnI59altMPS4fCpuMfW5fSjssHQ6Vwb';

const walletWatch = {
  provider: 'ton',
  look: () =>
    Promise.resolve({
      address: ourAddress,
      friendlyAddress: ourFriendlyAddress,
      read: { balanceNano: 12_500_000_000n, at: '2026-11-29T01:00:00.000Z' },
    }),
};

/** One provider is left alone, one is tried again with its files, and one has failed twice. */
async function breakSomeWays(owner: pg.Pool): Promise<void> {
  await owner.query(`
    INSERT INTO app.breaker (way, state, failures, until, probe, version) VALUES
      ('heleket', 'open', 5, clock_timestamp() + interval '40 minutes', 0, 5),
      ('kie-files', 'half_open', 5, clock_timestamp() + interval '40 minutes', 1, 6),
      ('yookassa', 'closed', 2, NULL, 0, 2)`);
}

describe('the operator panel', function () {
  this.timeout(120_000);
  let stack: Stack;
  let office: Office;
  let browser: Browser;
  let parked: Awaited<ReturnType<typeof parkPurchase>>;

  before(async () => {
    [stack, browser] = await Promise.all([startStack({ replayAlways: false, walletWatch }), openBrowser()]);
    office = await openOffice(stack.api);
    const anna = (await stack.api.logIn('anna')).userId;
    parked = await parkPurchase(stack, { person: anna, needsTwo: true });
    await breakSomeWays(office.owner);
    await office.openCase({ userId: anna, evidence: { provider: 'kie', code: 'insufficient_credits' } });
  });

  after(async () => {
    await browser.close();
    await office.close();
    await stack.stop();
  });

  interface Wanted {
    readonly person?: string;
    readonly path?: string;
    readonly size?: { readonly width: number; readonly height: number };
    readonly theme?: Theme;
    readonly language?: 'ru' | 'en';
  }

  async function open(wanted: Wanted = {}) {
    const { person = 'oleg', path = '/', size = deskSize, theme = 'light', language = 'en' } = wanted;
    const { token } = await stack.api.logIn(person);
    await stack.api.call('PATCH', '/me', { token, body: { language } });
    const watched = await openPage(browser, {
      viewport: size,
      colorScheme: theme === 'dark' ? 'dark' : 'light',
      locale: language === 'ru' ? 'ru-RU' : 'en-GB',
    });
    watched.page.setDefaultTimeout(8_000);
    await watched.page.goto(`${stack.api.url}/admin${path}${path.includes('?') ? '&' : '?'}person=${person}`);
    await settled(watched.page);
    return watched;
  }

  async function bareKeys(page: Page): Promise<string[]> {
    const source = readFileSync(repositoryPath('locales/en/panel.ftl'), 'utf8');
    const keys = new Set([...source.matchAll(/^(panel-[\w-]+) =/gm)].map(([, key]) => key));
    const text = await page.evaluate<string>('document.body.innerText');
    return text.split(/\s+/).filter((one) => keys.has(one) || one.startsWith('panel-'));
  }

  for (const theme of ['light', 'dark', 'loud'] as const) {
    for (const { size, language } of windows) {
      it(`is whole, readable and sound in ${language}, ${theme}, at ${size.width} px`, async () => {
        const { page, errors } = await open({ theme, size, language });
        const screens = {
          cases: '/',
          case: `/cases/${parked.caseId}`,
          orders: '/orders?state=all',
          story: `/orders/${parked.id}`,
          health: '/health',
          trail: '/trail',
        };
        for (const [name, path] of Object.entries(screens)) {
          await page.goto(`${stack.api.url}/admin${path}`);
          await settled(page);
          if (theme === 'loud') await page.locator('.dev select').nth(1).selectOption('loud');
          const where = `${name} in ${theme}`;
          assert.deepEqual(await sidewaysOverflow(page), [], where);
          assert.deepEqual(await seriousFindings(page), [], where);
          assert.deepEqual(await bareKeys(page), [], where);
          const folder = join(testHome(), 'screens');
          mkdirSync(folder, { recursive: true });
          await page.screenshot({ path: join(folder, `panel-${name}-${language}-${theme}-${size.width}.png`) });
        }
        assert.deepEqual(errors, []);
        await page.context().close();
      });
    }
  }

  it('does not exist for a customer, and says whom it is for', async () => {
    const { page } = await open({ person: 'anna' });
    // Nobody's choice of a language is known here: it is the one of their Telegram.
    await page.getByText('Для этого аккаунта панели нет').waitFor();
    assert.equal(await page.locator('.rail').count(), 0);
    await page.context().close();
  });

  it('asks with the consequence and who else must agree before money moves, and says what came of it', async () => {
    const { page } = await open({ path: `/cases/${parked.caseId}` });
    await page.getByRole('button', { name: 'Not delivered' }).click();
    const dialog = page.getByRole('dialog');
    await page.getByText(/look at Fragment’s history for the recipient with the comment/).waitFor();
    await dialog.getByText(/Return .*TON to Анна.* and mark the order not delivered.*that money is our loss/).waitFor();
    await dialog.getByText(/two people must say the same .* one of them must be an owner/).waitFor();
    const act = dialog.getByRole('button', { name: 'Not delivered' });
    assert.equal(await act.isDisabled(), true);
    await dialog.getByRole('textbox').fill('nothing in the history of the recipient');
    await page.screenshot({ path: join(testHome(), 'screens', 'panel-ask.png') });
    await act.click();
    await page.locator('.toast', { hasText: 'Two must say the same' }).waitFor();
    await page.getByText('Decided already').waitFor();
    await page.getByText('nothing in the history of the recipient').waitFor();
    await page.getByRole('link', { name: 'Trail' }).click();
    await page.getByText(/Oleg: decided about case \d+, Not delivered/).waitFor();
    await page.context().close();
  });

  it('lets a manager be the second above the limit, and shows what the owner has said', async () => {
    const { page } = await open({ person: 'sonya', path: `/cases/${parked.caseId}` });
    await page.getByText('nothing in the history of the recipient').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Delivered', exact: true }).count(), 1);
    await page.context().close();
  });

  it('says which provider is left alone and until when, and shows the balance of the wallet that pays', async () => {
    const { page } = await open({ path: '/health' });
    await page.getByText(/Paused after failures in a row: 5, failing since .* A trial call in \d+ min/).waitFor();
    await page.getByText(/Files: One trial call is under way/).waitFor();
    await page.getByText('12.5 TON').waitFor();
    await page.getByText(ourFriendlyAddress).waitFor();
    assert.equal(await page.getByText(ourAddress).count(), 0);
    await page.context().close();
  });

  it('tells of a payment that the provider holds what is known, what to do, and what closing does', async () => {
    const evidence = {
      ...{ paymentId: 'e3c1', status: 'held', amountMinor: '16000000', asset: 'USDT', test: false },
      ...{ expectedMinor: '16000000', expectedAsset: 'USDT', reference: parked.id },
    };
    const id = await office.openCase({ kind: 'held_by_provider', evidence });
    const { page } = await open({ path: `/cases/${id}`, language: 'ru' });
    await page.getByRole('heading', { name: 'Провайдер держит платёж' }).waitFor();
    await page.getByText(/Деньги не зачислены[^]*они зачислятся сами/).waitFor();
    await page.getByText(/в кабинете Heleket[^]*только убирает случай из списка/).waitFor();
    const facts = (await page.locator('dl.facts').innerText()).replaceAll(/\s+/g, ' ').trim();
    assert.equal(facts, `Статус Задержан провайдером Сумма 16 USDT Ждали 16 USDT Платёж e3c1 Наш заказ ${parked.id}`);
    await page.screenshot({ path: join(testHome(), 'screens', 'panel-held-ru.png') });
    await page.getByRole('button', { name: 'Закрыть случай' }).click();
    await page
      .getByRole('dialog')
      .getByText(/ничего не зачисляется и не возвращается/)
      .waitFor();
    await page.context().close();
  });

  it('names purchases of Stars in the reader’s language', async () => {
    const { page } = await open({ path: '/orders?state=all', language: 'ru' });
    await page.getByText('50 звёзд для @bob').first().waitFor();
    await page.context().close();
  });

  it('keeps the filters in the address, goes to the search by / and to the keys by ?', async () => {
    const { page } = await open({ path: '/orders' });
    await page.getByRole('radio', { name: 'Top-ups' }).check();
    await page.getByText('No such orders').waitFor();
    assert.match(page.url(), /[?&]flow=topup/);
    await page.reload();
    await settled(page);
    assert.equal(await page.getByRole('radio', { name: 'Top-ups' }).isChecked(), true);
    await page.locator('h1').click();
    await page.keyboard.press('/');
    await page.keyboard.type(parked.id);
    await page.keyboard.press('Enter');
    await eventually(() => page.url().includes(`q=${parked.id}`));
    await page.locator('h1').click();
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Go to the search').waitFor();
    await page.keyboard.press('Escape');
    await eventually(async () => (await page.getByRole('dialog').count()) === 0);
    await page.context().close();
  });
});
