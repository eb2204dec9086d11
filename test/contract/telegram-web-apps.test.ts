import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Update } from '@grammyjs/types';
import { verifyInitData } from '../../platform/init-data.ts';
import { annaId, botToken, openTelegram, type Telegram } from '../support/telegram.ts';

const publicKey = createPublicKey({
  key: Buffer.from('302a300506032b657003210079b5562e8fe654f94078b112e8a98ba7901f853ae695bed7e0e3910bad049664', 'hex'),
  format: 'der',
  type: 'spki',
});

/** The signature that third parties check holds for what is signed for our bot. */
function assertSigned(query: string): void {
  const pairs = new Map(new URLSearchParams(query));
  const signature = pairs.get('signature') ?? '';
  assert.equal(signature.length, 86);
  const lines = [...pairs].filter(([name]) => name !== 'hash' && name !== 'signature').map((pair) => pair.join('='));
  const text = `7000000001:WebAppData\n${lines.sort().join('\n')}`;
  assert.ok(verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64url')));
}

describe('Mini Apps of the simulated Telegram', () => {
  let telegram: Telegram;
  beforeEach(async () => {
    telegram = await openTelegram();
  });
  afterEach(() => telegram.stop());

  const open = (wish: object) =>
    telegram
      .as(annaId)
      .act<{ url: string; initData: string }>('/web-app', { url: 'https://bot.example/app/', ...wish });

  it('open with init data that is never of the future, and as old as the clock is behind', async () => {
    const verdict = async () => verifyInitData((await open({ kind: 'menu' })).initData, botToken, new Date());
    await telegram.advance(30 * 86_400_000);
    assert.equal((await verdict()).ok, true);
    await telegram.sim('/clock', { aheadMs: -2 * 3_600_000 });
    assert.deepEqual(await verdict(), { ok: false, reason: 'expired' });
  });

  it('open with init data that our own check believes', async () => {
    const { url, initData } = await open({ kind: 'link', startParam: 'ref_777', themeParams: { bg_color: '#fff a' } });
    const verdict = verifyInitData(initData, botToken, new Date());
    assert.ok(verdict.ok);
    assert.deepEqual([verdict.initData.user.id, verdict.initData.startParam], [annaId, 'ref_777']);
    assert.equal(verifyInitData(initData, '7000000002:other', new Date()).ok, false);
    const { hash, searchParams } = new URL(url);
    assert.equal(searchParams.get('tgWebAppStartParam'), 'ref_777');
    assert.ok(!hash.includes('+'));
    const launch = new URLSearchParams(hash.slice(1));
    assert.equal(launch.get('tgWebAppData'), initData);
    assert.equal(launch.get('tgWebAppVersion'), '9.1');
    assert.deepEqual(JSON.parse(launch.get('tgWebAppThemeParams') ?? ''), { bg_color: '#fff a' });
  });

  it('are signed for third parties as well, with the key of the simulator', async () => {
    assertSigned((await open({ kind: 'menu' })).initData);
  });

  it('get a contact that is signed as their init data is, and the bot gets it as a message', async () => {
    await telegram.as(annaId).start();
    const { status, response } = await telegram
      .as(annaId)
      .act<{ status: string; response: string }>('/contact-request', {});
    assert.equal(status, 'sent');
    const pairs = new Map(new URLSearchParams(response));
    assert.deepEqual([...pairs.keys()].sort(), ['auth_date', 'contact', 'hash', 'signature']);
    assertSigned(response);
    // The own check of the hash, by which only the person is missing in it.
    const verdict = verifyInitData(response, botToken, new Date());
    assert.deepEqual(verdict, { ok: false, reason: 'no_user' });
    const message = (await telegram.result<Update[]>('getUpdates')).at(-1)?.message;
    assert.deepEqual(message?.contact, JSON.parse(pairs.get('contact') ?? ''));
    assert.equal(message?.contact?.user_id, annaId);
  });

  it('get no contact of a person who does not give it', async () => {
    const answer = await telegram.as(annaId).act('/contact-request', { shared: false });
    assert.deepEqual(answer, { status: 'cancelled' });
    assert.deepEqual(await telegram.result('getUpdates'), []);
  });

  it('tell nothing of the person when opened from a keyboard', async () => {
    assert.equal((await open({ kind: 'keyboard' })).initData, '');
  });

  it('can write in the name of whoever opened them, once', async () => {
    const { initData } = await open({ kind: 'menu' });
    const web_app_query_id = new URLSearchParams(initData).get('query_id');
    const result = { type: 'article', id: '1', title: 'x', input_message_content: { message_text: 'by the app' } };
    await telegram.result('answerWebAppQuery', { web_app_query_id, result });
    assert.equal((await telegram.as(annaId).chat()).messages.at(-1)?.text, 'by the app');
    assert.match((await telegram.refusal('answerWebAppQuery', { web_app_query_id, result })) ?? '', /query is too old/);
  });

  it('make the bot known, but only permission lets it write first', async () => {
    await open({ kind: 'link' });
    const message = { chat_id: annaId, text: 'x' };
    assert.equal(
      await telegram.refusal('sendMessage', message),
      "Forbidden: bot can't initiate conversation with a user",
    );
    await telegram.as(annaId).act('/write-access', {});
    assert.equal(await telegram.refusal('sendMessage', message), undefined);
  });
});

describe('The place of the sandbox page', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-sandbox-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('says so while the page is not built', async () => {
    const telegram = await openTelegram({ sandboxFolder: join(folder, 'nothing') });
    const page = await fetch(telegram.url);
    assert.match(await page.text(), /is not built/);
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    assert.equal((await fetch(`${telegram.url}/sandbox/telegram-web-app.js`)).status, 404);
    await telegram.stop();
  });

  it('serves the built page and nothing beside it', async () => {
    mkdirSync(join(folder, 'built', 'assets'), { recursive: true });
    writeFileSync(join(folder, 'built', 'index.html'), '<title>page</title>');
    writeFileSync(join(folder, 'built', 'assets', 'a.js'), 'let a;');
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    const telegram = await openTelegram({ sandboxFolder: join(folder, 'built') });
    assert.equal(await (await fetch(telegram.url)).text(), '<title>page</title>');
    const script = await fetch(`${telegram.url}/sandbox/assets/a.js`);
    assert.match(script.headers.get('content-type') ?? '', /javascript/);
    const escaped = await fetch(`${telegram.url}/sandbox/..%2fsecret.txt`);
    assert.notEqual(escaped.status, 200);
    await telegram.stop();
  });

  it('controls answer no page of another origin', async () => {
    const telegram = await openTelegram();
    const answer = await fetch(`${telegram.url}/_sim/people`, { headers: { origin: 'https://evil.example' } });
    assert.equal(answer.status, 403);
    await telegram.stop();
  });
});

describe('The live events of a chat', () => {
  it('come at once, in order, and go on after the last one seen', async () => {
    const telegram = await openTelegram();
    const address = `${telegram.url}/_sim/people/${annaId}/events`;
    const anna = telegram.as(annaId);
    const first = await read(await fetch(address), 3, async () => {
      await anna.start();
      await telegram.result('sendChatAction', { chat_id: annaId, action: 'typing' });
    });
    assert.deepEqual(
      first.map(({ kind }) => kind),
      ['chat', 'message', 'action'],
    );
    await anna.say('while away');
    const resumed = await fetch(address, { headers: { 'last-event-id': String(first.at(-1)?.seq) } });
    const [missed] = await read(resumed, 1, async () => undefined);
    assert.deepEqual([missed?.kind, missed?.message?.text], ['message', 'while away']);
    const stranger = await fetch(address, { headers: { 'last-event-id': '5' } });
    assert.deepEqual(
      (await read(stranger, 1, async () => undefined)).map(({ kind }) => kind),
      ['chat'],
    );
    await telegram.stop();
  });
});

interface Seen {
  readonly seq: number;
  readonly kind: string;
  readonly message?: { readonly text?: string };
}

/** Reads so many events while something is done. */
async function read(answer: Response, count: number, act: () => Promise<unknown>): Promise<Seen[]> {
  await act();
  const seen: Seen[] = [];
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk).toString('utf8');
    seen.splice(
      0,
      seen.length,
      ...[...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data) as Seen),
    );
    if (seen.length >= count) break;
  }
  return seen;
}
