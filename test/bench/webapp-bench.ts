import { randomUUID } from 'node:crypto';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { money } from '../../core/money.ts';
import { openPool } from '../../db/pool.ts';
import { createLedger } from '../../ledger/ledger.ts';
import { buildPages } from '../../webapp/build.ts';
import { startTestApi } from '../support/api.ts';
import { openBrowser, phoneSize } from '../support/browser.ts';
import { silent } from '../support/log.ts';
import { type PageBytes, startBarePage } from './bare/page.ts';
import type { BenchGround } from './ground.ts';
import type { PageFigure } from './page-figure.ts';
import type { Scale } from './scale.ts';
import { pairRatios, spreadOf } from './statistics.ts';

/** A phone of the lower middle on a poor line. */
const cpuSlowdown = 4;
const line = { latencyMs: 150, downBytesPerSecond: 200_000, upBytesPerSecond: 94_000 };
const baseline = 'a bare page of as many bytes';
const quietMs = 1_500;

interface Load {
  readonly lcpMs: number;
  readonly answerMs: number;
  readonly heapMiB: number;
}

interface Seen {
  readonly load: Load;
  readonly bytes: PageBytes;
}

/** The first screen of the Mini App on a slow phone, cold, in turn with a bare page of as many bytes. */
export async function webappBench(ground: BenchGround, scale: Scale): Promise<{ pages: PageFigure[] }> {
  await buildPages();
  const database = await ground.database('mini_app');
  const api = await startTestApi({ database: { ...database, drop: () => Promise.resolve() } });
  ground.onStop(api.stop);
  const { userId } = await api.logIn('anna');
  await give(database.url, userId);
  const browser = await openBrowser();
  ground.onStop(() => browser.close());
  const app = `${api.url}/app/?person=anna`;
  const { bytes } = await look(browser, app);
  const bare = await startBarePage(bytes);
  ground.onStop(bare.stop);
  ground.tell(`webapp: ${bytes.html} + ${bytes.script} + ${bytes.style} bytes of page, script and style`);
  const runs: { ours: Load; bare: Load }[] = [];
  for (let round = 0; round < scale.rounds * 2; round += 1) {
    runs.push({ ours: (await look(browser, app)).load, bare: (await look(browser, bare.url)).load });
  }
  const figure = (bench: string, unit: PageFigure['unit'], pick: (load: Load) => number): PageFigure => {
    const [ours, bares] = [runs.map((run) => pick(run.ours)), runs.map((run) => pick(run.bare))];
    const ratio = spreadOf(pairRatios(ours, bares));
    return {
      bench: `Mini App, slow phone: ${bench}`,
      baseline,
      unit,
      ours: spreadOf(ours),
      bare: spreadOf(bares),
      ratio,
    };
  };
  return {
    pages: [
      figure('largest paint', 'ms', ({ lcpMs }) => lcpMs),
      figure('the main button answers', 'ms', ({ answerMs }) => answerMs),
      figure('heap of the script', 'MiB', ({ heapMiB }) => heapMiB),
    ],
  };
}

async function give(url: string, owner: string): Promise<void> {
  const pool = await openPool({ url, size: 1, applicationName: 'bench', logger: silent, checkRows: false });
  await createLedger(pool).credit({
    key: `bench/${randomUUID()}`,
    cause: { workflowId: 'bench', step: 'give', actor: 'system' },
    owner,
    amount: money(300n, 'CREDIT'),
    bucket: 'paid',
    source: 'issued:CREDIT',
  });
  await pool.end();
}

/** Two cold loads: one is left alone, in the other the button is pressed as soon as it is there. */
async function look(browser: Browser, url: string): Promise<Seen> {
  const quiet = await visit(browser, url, async (page, session) => {
    await page.waitForSelector('.button-filled');
    await page.waitForTimeout(quietMs);
    const lcpMs = await page.evaluate<number>('window.largestPaint');
    const bytes = await page.evaluate<PageBytes>(readBytes);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    return { lcpMs, bytes, heapMiB: usedSize / 2 ** 20 };
  });
  const answerMs = await visit(browser, url, async (page) => {
    await page.evaluate('window.pressing = true');
    await page.waitForFunction('window.answeredAt !== undefined');
    return page.evaluate<number>('window.answeredAt');
  });
  return { load: { lcpMs: quiet.lcpMs, heapMiB: quiet.heapMiB, answerMs }, bytes: quiet.bytes };
}

async function visit<T>(
  browser: Browser,
  url: string,
  see: (page: Page, session: CDPSession) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ viewport: phoneSize, locale: 'en-GB', hasTouch: true, bypassCSP: true });
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: line.latencyMs,
      downloadThroughput: line.downBytesPerSecond,
      uploadThroughput: line.upBytesPerSecond,
    });
    await session.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown });
    await page.addInitScript(watch);
    await page.goto(url, { waitUntil: 'commit' });
    return await see(page, session);
  } finally {
    await context.close();
  }
}

/** Runs in the page before anything else: notes the largest paint, and when a pressed main button has answered. */
const watch = `
  new PerformanceObserver((list) => { window.largestPaint = list.getEntries().at(-1).startTime; })
    .observe({ type: 'largest-contentful-paint', buffered: true });
  const hasAnswered = () => document.title === 'answered' || location.pathname.endsWith('/topup');
  requestAnimationFrame(function look() {
    if (window.pressing) document.querySelector('main .button-filled')?.click();
    if (hasAnswered()) window.answeredAt = performance.now();
    else requestAnimationFrame(look);
  });`;

const readBytes = `(() => {
  const sizes = performance.getEntriesByType('resource').map(({ name, encodedBodySize }) => [name, encodedBodySize]);
  const sum = (ending) =>
    sizes.filter(([name]) => name.split('?')[0].endsWith(ending)).reduce((all, [, size]) => all + size, 0);
  const [page] = performance.getEntriesByType('navigation');
  return { html: page.encodedBodySize, script: sum('.js'), style: sum('.css') };
})()`;
