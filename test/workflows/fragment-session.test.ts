import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text as readWhole } from 'node:stream/consumers';
import { fragmentSession, fragmentSessionWorkflowId } from '../../core/flows/fragment-session.ts';
import { processEnvironment } from '../../platform/config.ts';
import { demoCredentials } from '../../platform/demo-credentials.ts';
import type { StarsProvider } from '../../providers/ports.ts';
import { createProviders } from '../../providers/registry.ts';
import { createFragmentSessions } from '../../db/fragment-sessions.ts';
import { repositoryFolder } from '../support/environment.ts';
import { eventually } from '../support/eventually.ts';
import { bobsStars, openStarShop, type StarShop } from '../support/fragment.ts';
import { silent } from '../support/log.ts';
import { type Stack, startStack } from '../support/stack.ts';

describe('the keeper of our session at Fragment', () => {
  let shop: StarShop;
  let stack: Stack;
  let client: StarsProvider;
  let close: () => void;
  before(async () => {
    shop = await openStarShop({ token: demoCredentials.fragmentToken, loggedOut: true });
    stack = await startStack({ sellsStars: true, variables: { FRAGMENT_API_URL: shop.url } });
    const fragmentSessions = createFragmentSessions(stack.pool);
    const providers = createProviders({ config: stack.api.config, logger: silent, fragmentSessions });
    const [fragment] = providers.stars;
    assert.ok(fragment);
    client = fragment;
    ({ close } = providers);
  });
  after(async () => {
    close?.();
    await stack?.stop();
    await shop?.stop();
  });

  const state = async () => (await createFragmentSessions(stack.pool).read(fragmentSession.account))?.state;
  const proofs = async () => (await shop.state()).account.proofCount;
  const openCases = async () =>
    (await stack.owner.query<{ key: string }>(`SELECT key FROM app.attention WHERE kind = 'provider_account'`)).rows;

  it('has a demo shop logged in from the start', async () => {
    await eventually(async () => (await state()) === 'alive');
    assert.equal((await client.quote(bobsStars)).outcome, 'done');
  });

  it('renews an ended session once, although two purchases of two processes wait for it', async () => {
    await eventually(async () => (await state()) === 'alive');
    const before = await proofs();
    await shop.control('/session/expire/session');
    const stopped = await Promise.all([client.prepare(bobsStars), client.prepare(bobsStars)]);
    assert.deepEqual(
      stopped.map(({ outcome }) => outcome),
      ['not_sent', 'not_sent'],
    );
    await eventually(async () => (await client.prepare(bobsStars)).outcome === 'done', { everyMs: 200 });
    const both = await Promise.all([client.prepare(bobsStars), client.prepare(bobsStars)]);
    assert.deepEqual(
      both.map(({ outcome }) => outcome),
      ['done', 'done'],
    );
    assert.equal(await proofs(), before + 1);
  });

  it('tells a person once a day when only they can help, and says so to who asks', async () => {
    await shop.control('/session/expire/login');
    await client.prepare(bobsStars);
    await eventually(async () => (await state()) === 'login_required', { everyMs: 100 });
    await eventually(async () => (await openCases()).length === 1, { everyMs: 100 });
    const handle = stack.client.workflow.getHandle(fragmentSessionWorkflowId(fragmentSession));
    assert.equal((await handle.describe()).status.name, 'RUNNING');
    await handle.signal('sessionExpired');
    assert.deepEqual(await handle.query('state'), { kept: 'login_required' });
    assert.equal((await openCases()).length, 1);
  });

  it('goes on once a person has logged in by the command line, which shows nothing of what it was given', async () => {
    await shop.control('/session/login');
    const cookies = { stel_ssid: 'brought-by-a-person', stel_token: demoCredentials.fragmentToken };
    const said = await logIn(stack, JSON.stringify(cookies));
    assert.deepEqual([said.code, await state()], [0, 'alive'], said.text);
    assert.ok(!said.text.includes(cookies.stel_token) && !said.text.includes(cookies.stel_ssid));
    assert.equal((await client.prepare(bobsStars)).outcome, 'done');
    assert.equal((await logIn(stack, 'no cookies at all')).code, 2);
    assert.equal((await logIn(stack, '', '--file', 'nowhere.json')).code, 2);
  }).timeout(60_000);

  it('keeps a log-in that holds when somebody brings cookies that do not', async () => {
    const said = await logIn(stack, 'stel_ssid=abc; stel_token=wrong');
    assert.equal(said.code, 1);
    assert.match(said.text, /Nothing was stored/);
    assert.equal(await state(), 'alive');
    assert.equal((await client.prepare(bobsStars)).outcome, 'done');
  }).timeout(60_000);

  it('keeps no cookie and no token in its history', async () => {
    const handle = stack.client.workflow.getHandle(fragmentSessionWorkflowId(fragmentSession));
    const history = JSON.stringify(await handle.fetchHistory());
    const decoded = history.replace(/"data":"([A-Za-z0-9+/=]+)"/g, (_, data: string) =>
      Buffer.from(data, 'base64').toString(),
    );
    for (const word of [demoCredentials.fragmentToken, 'stel_', 'hash=']) assert.ok(!decoded.includes(word), word);
  });
});

/** Runs `holdfast fragment login` with these words on its standard input. */
async function logIn(stack: Stack, input: string, ...more: string[]): Promise<{ code: number | null; text: string }> {
  const env = { ...processEnvironment(), ...stack.variables, FRAGMENT_API_URL: stack.api.config.fragment.apiUrl };
  const verb = spawn(process.execPath, ['cli/main.ts', 'fragment', 'login', ...more], { cwd: repositoryFolder, env });
  verb.stdin.end(input);
  const [text, errors] = await Promise.all([readWhole(verb.stdout), readWhole(verb.stderr)]);
  if (verb.exitCode === null) await once(verb, 'exit');
  return { code: verb.exitCode, text: text + errors };
}
