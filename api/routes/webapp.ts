import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Router } from '@koa/router';
import { send } from '@koa/send';
import { demoUsers, findDemoUser } from '../../core/demo.ts';
import type { DemoUser } from '../../core/demo.ts';
import type { ApiContext, ApiState } from '../context.ts';
import { Problem } from '../problem.ts';

export interface WebappDeps {
  /** Where the built pages lie, each in a folder of its name. */
  readonly folder: string;
  /** Our own address: pictures and the socket are there. */
  readonly publicUrl: string;
  /** The bot's name without @, for links out of an ordinary browser. */
  readonly botUsername: string | undefined;
  /** Set while Telegram is simulated: its origin, and init data for the demo people. */
  readonly simulated: { readonly origin: string; readonly signInitData: (user: DemoUser) => string } | undefined;
}

const telegramScript = 'https://telegram.org/js/telegram-web-app.js';
/** The web clients of Telegram show the app in a frame. */
const telegramFrames = ['https://web.telegram.org', 'https://*.telegram.org'];
const placeholder = '<meta name="holdfast" content="" />';
const yearSeconds = 365 * 24 * 3_600;

/** `/app/` and `/admin/`: the Mini App and the operator panel as they were built. */
export function addWebappRoutes(router: Router<ApiState>, deps: WebappDeps): void {
  const policy = policyOf(deps);
  const facts = factsOf(deps);
  const add = (name: 'app' | 'admin'): void =>
    addPage(router, { name, folder: join(deps.folder, name), policy, facts });

  router.get('/', (context) => {
    (context as unknown as ApiContext).state.route = '/';
    context.redirect('/docs');
  });
  if (deps.simulated !== undefined) addDemoRoute(router, deps.simulated.signInitData);
  add('app');
  add('admin');
}

interface ServedPage {
  readonly name: string;
  readonly folder: string;
  readonly policy: string;
  readonly facts: string;
}

/** A page with its files. Every address under it that is no file is the page itself, which routes alone. */
function addPage(router: Router<ApiState>, { name, folder, policy, facts }: ServedPage): void {
  const page = async (ctx: ApiContext): Promise<void> => {
    const html = await readFile(join(folder, 'index.html'), 'utf8').catch(() => undefined);
    if (html === undefined) throw new Problem('not_found', { detail: 'The page has not been built here.' });
    setHeaders(ctx, policy);
    ctx.set('cache-control', 'no-cache');
    ctx.type = 'text/html; charset=utf-8';
    ctx.body = html.replace(placeholder, placeholder.replace('""', `"${facts}"`));
  };
  router.get(`/${name}{/*path}`, async (context) => {
    const ctx = context as unknown as ApiContext;
    ctx.state.route = `/${name}/*`;
    if (ctx.path === `/${name}`) return ctx.redirect(`/${name}/${ctx.search}`);
    const path = ctx.path.slice(name.length + 2);
    if (!/\.\w{2,5}$/.test(path) || path === 'index.html') return page(ctx);
    await sendFile(ctx, path, folder);
  });
}

/** Who may be played in an ordinary browser, and the proof of being them: for this machine alone. */
function addDemoRoute(router: Router<ApiState>, signInitData: (user: DemoUser) => string): void {
  router.get('/app/demo.json', (context) => {
    const ctx = context as unknown as ApiContext;
    ctx.state.route = '/app/demo.json';
    if (!isLoopback(ctx.req.socket.remoteAddress)) throw new Problem('address_not_allowed');
    const asked = String(ctx.query['person'] ?? '');
    const user =
      findDemoUser(asked) ?? demoUsers.find(({ telegramId }) => String(telegramId) === asked) ?? demoUsers[0];
    if (user === undefined) throw new Problem('not_found');
    const people = demoUsers.map(({ name, firstName, language }) => ({ name, firstName, language }));
    ctx.set('cache-control', 'no-store');
    ctx.type = 'application/json';
    ctx.body = JSON.stringify({ people, person: user.name, initData: signInitData(user) });
  });
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::ffff:)?127\.|^::1$/.test(address);
}

async function sendFile(ctx: ApiContext, path: string, folder: string): Promise<void> {
  const isHashed = path.startsWith('assets/');
  // Scripts and styles lie packed beside the plain ones, which is for the client to choose.
  if (isHashed) ctx.vary('Accept-Encoding');
  try {
    await send(ctx, path, {
      root: folder,
      maxAge: isHashed ? yearSeconds * 1_000 : 3_600_000,
      immutable: isHashed,
    });
  } catch (error) {
    const status = error instanceof Error && 'status' in error ? error.status : undefined;
    if (typeof status === 'number' && status < 500) throw new Problem('not_found', { cause: error });
    throw error;
  }
}

function setHeaders(ctx: ApiContext, policy: string): void {
  ctx.set('content-security-policy', policy);
  // The policy names the frames; the older header knows no list.
  ctx.remove('x-frame-options');
}

function policyOf({ publicUrl, simulated }: WebappDeps): string {
  const { origin, host, protocol } = new URL(publicUrl);
  const socket = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}`;
  const script = simulated === undefined ? new URL(telegramScript).origin : simulated.origin;
  const frames = simulated === undefined ? telegramFrames : [...telegramFrames, ...bothLoopbacks(simulated.origin)];
  return [
    "default-src 'none'",
    `script-src 'self' ${script}`,
    "style-src 'self'",
    `img-src 'self' ${origin} data: blob:`,
    `connect-src 'self' ${origin} ${socket}`,
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${frames.join(' ')}`,
  ].join('; ');
}

/** People type either name of their own machine. */
function bothLoopbacks(origin: string): string[] {
  return [origin, origin.replace('//127.0.0.1', '//localhost')];
}

/** What the page must know before its first request, as the content of an attribute. */
function factsOf({ botUsername, simulated }: WebappDeps): string {
  const facts = {
    botUsername: botUsername ?? null,
    script: simulated === undefined ? telegramScript : `${simulated.origin}/sandbox/telegram-web-app.js`,
    simulated: simulated !== undefined,
  };
  return JSON.stringify(facts).replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
