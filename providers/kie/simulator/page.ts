import { randomBytes } from 'node:crypto';
import { Router } from '@koa/router';
import type { Clock } from '../../simulator-jobs.ts';
import type { Credits } from './credits.ts';
import type { Records } from './records.ts';
import { drawnText, progressAt, type SimulatedTask, stateAt, type Tasks } from './tasks.ts';
import { escapeXml } from './text-layout.ts';

interface PageDeps {
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly records: Records;
  readonly credits: Credits;
  readonly filesOrigin: () => string;
}

const shownMax = 50;
const refreshSeconds = 4;

const style = `
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --good: #1a7f4b; --bad: #c0392b; }
* { box-sizing: border-box; }
body { font: 16px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 56rem; padding: 1rem; }
h1 { font-size: 1.25rem; margin: .5rem 0 .25rem; }
p { margin: .25rem 0 1rem; opacity: .75; }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .75rem; }
li { border: 1px solid var(--line); border-radius: .75rem; padding: .75rem; }
li { display: flex; gap: .75rem; flex-wrap: wrap; }
li > div { flex: 1 1 14rem; min-width: 0; overflow-wrap: anywhere; }
img { width: 6rem; height: 6rem; object-fit: cover; border-radius: .5rem; background: var(--soft); }
small { opacity: .7; display: block; }
form { display: inline-block; margin: .5rem .5rem 0 0; }
button { font: inherit; padding: .5rem .9rem; min-height: 2.75rem; border-radius: .6rem; border: 1px solid var(--line);
  background: var(--soft); color: inherit; cursor: pointer; }
.success { color: var(--good); } .fail { color: var(--bad); }
@media (prefers-color-scheme: dark) { :root { --good: #5fd39a; --bad: #ff8a7a; } }
`;

/** The tasks for a person: what was asked, where it stands, and two buttons. Works without scripts. */
export function pageRoutes(deps: PageDeps): Router {
  const router = new Router();
  router.get('/', (ctx) => {
    const nonce = randomBytes(16).toString('base64');
    const pictures = deps.filesOrigin();
    ctx.set(
      'content-security-policy',
      `default-src 'none'; style-src 'nonce-${nonce}'; img-src ${pictures}; form-action 'self'`,
    );
    ctx.set('cache-control', 'no-store');
    ctx.type = 'text/html; charset=utf-8';
    ctx.body = page(deps, nonce);
  });
  return router;
}

function page(deps: PageDeps, nonce: string): string {
  const tasks = deps.tasks.list();
  const items = tasks.slice(0, shownMax).map((task) => item(deps, task));
  const list = items.length === 0 ? '<p>No tasks yet.</p>' : `<ul>${items.join('')}</ul>`;
  const count = tasks.length === 1 ? '1 task' : `${tasks.length} tasks`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Simulator of kie.ai</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${refreshSeconds}">
<style nonce="${nonce}">${style}</style></head><body><main>
<h1>Simulator of kie.ai: no real money</h1>
<p>${count} · ${deps.credits.balance()} credits left. Tasks end by themselves; here they can be ended now.</p>
${list}</main></body></html>`;
}

function item({ clock, records }: PageDeps, task: SimulatedTask): string {
  const state = stateAt(task, clock.nowMs());
  const [firstUrl] = records.resultUrls(task);
  const picture = firstUrl === undefined ? '' : `<img src="${escapeXml(firstUrl)}" alt="" loading="lazy">`;
  const words = drawnText(task).slice(0, 200);
  const progress = task.end === undefined ? ` · ${progressAt(task, clock.nowMs())}%` : '';
  const failure = task.end?.state === 'fail' ? ` · ${task.end.failCode} ${task.end.failMsg}` : '';
  const act = (name: string, label: string) =>
    `<form method="post" action="/_sim/tasks/${task.taskId}/${name}"><button>${label}</button></form>`;
  const buttons = task.end === undefined ? act('succeed', 'Finish now') + act('fail', 'Let it fail') : '';
  return `<li>${picture}<div><strong>${escapeXml(words) || '…'}</strong>
<small>${escapeXml(task.model)} · ${new Date(task.createdAtMs).toISOString()}</small>
<span class="${state}">${state}${progress}${escapeXml(failure)}</span><br>${buttons}</div></li>`;
}
