import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContext, chromium as engine, type Page } from 'playwright-core';

/** Flags that keep Chromium from talking to its makers, and let it run as root in a container. */
const quietFlags = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
];

/** A real Chromium without a window; close it when the suite ends. */
export async function openBrowser(): Promise<Browser> {
  return engine.launch({ executablePath: await chromium.executablePath(), headless: true, args: quietFlags });
}

/** Windows that people really have. */
export const phoneSize = { width: 390, height: 844 };
const deskSize = { width: 1280, height: 800 };

export interface Watched {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page threw or wrote to the console as an error. */
  readonly errors: string[];
  /** Addresses that the page asked for, for checks that nothing leaves this machine. */
  readonly requests: string[];
}

export type ContextOptions = Parameters<Browser['newContext']>[0];

/** A page of its own context whose errors and requests are written down. */
export async function openPage(browser: Browser, options: ContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ viewport: deskSize, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('request', (request) => requests.push(request.url()));
  return { page, context, errors, requests };
}
