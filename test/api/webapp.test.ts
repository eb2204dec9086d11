import assert from 'node:assert/strict';
import { verifyInitData } from '../../platform/init-data.ts';
import { botToken, startTestApi, type TestApi } from '../support/api.ts';

describe('the page of the Mini App', () => {
  let api: TestApi;

  before(async () => {
    api = await startTestApi();
  });

  after(() => api.stop());

  const get = (path: string) => fetch(`${api.url}${path}`, { redirect: 'manual' });

  it('has an address without a page of its own lead to the reference', async () => {
    const answer = await get('/');
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.get('location'), '/docs');
    assert.equal((await get('/app?topup=1')).headers.get('location'), '/app/?topup=1');
  });

  it('comes with a policy that lets Telegram frame it and nothing run but our scripts and Telegram’s', async () => {
    const answer = await get('/app/');
    const policy = answer.headers.get('content-security-policy') ?? '';
    assert.match(policy, /script-src 'self' http:\/\/127\.0\.0\.1:\d+;/);
    assert.match(policy, /style-src 'self';/);
    assert.match(policy, /frame-ancestors https:\/\/web\.telegram\.org/);
    assert.equal(answer.headers.get('x-frame-options'), null);
    assert.equal(answer.headers.get('cache-control'), 'no-cache');
    assert.doesNotMatch(await answer.text(), /<script(?![^>]+src=)|style="| onload=/);
  });

  it('answers every address that is no file with the page, and a missing file with 404', async () => {
    const [page, inner] = await Promise.all([get('/app/'), get('/app/generate/some-id')]);
    assert.equal(await inner.text(), await page.text());
    for (const path of ['/app/assets/none.js', '/app/..%2f..%2fpackage.json', '/app/%2e%2e/build.ts']) {
      const answer = await get(path);
      assert.notEqual(answer.status, 200, path);
    }
  });

  it('sends scripts and styles as packed as the client understands, and plain to one that does not', async () => {
    const html = await (await get('/app/')).text();
    for (const [path = ''] of html.matchAll(/\/app\/assets\/[^"]+\.(?:js|css)/g)) {
      const texts = new Set<string>();
      for (const accepted of ['br', 'gzip', 'identity']) {
        const answer = await fetch(`${api.url}${path}`, { headers: { 'accept-encoding': accepted } });
        assert.equal(answer.headers.get('content-encoding') ?? 'identity', accepted);
        assert.match(answer.headers.get('vary') ?? '', /accept-encoding/i);
        assert.match(answer.headers.get('content-type') ?? '', /javascript|css/);
        texts.add(await answer.text());
      }
      assert.equal(texts.size, 1);
    }
  });

  it('keeps hashed files for a year', async () => {
    const html = await (await get('/app/')).text();
    const [script = ''] = /\/app\/assets\/[^"]+\.js/.exec(html) ?? [];
    const answer = await get(script);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('cache-control') ?? '', /max-age=31536000.*immutable/);
    assert.match(answer.headers.get('content-type') ?? '', /javascript/);
  });

  it('proves the demo people for an ordinary browser while Telegram is simulated, and never otherwise', async () => {
    const { initData, person } = (await (await get('/app/demo.json?person=boris')).json()) as Record<string, string>;
    assert.equal(person, 'boris');
    assert.equal(verifyInitData(initData ?? '', botToken, new Date()).ok, true);
    const real = await startTestApi({
      variables: { BOT_TOKEN: '123456789:AAE-abcdefghijklmnopqrstuvwxyz12345', BOT_USERNAME: 'shop_bot' },
    });
    try {
      assert.equal((await fetch(`${real.url}/app/demo.json?person=boris`)).status, 404);
      const page = await fetch(`${real.url}/app/`);
      assert.match(page.headers.get('content-security-policy') ?? '', /script-src 'self' https:\/\/telegram\.org;/);
      assert.match(await page.text(), /shop_bot.*https:\/\/telegram\.org\/js\/telegram-web-app\.js/);
    } finally {
      await real.stop();
    }
  });
});
