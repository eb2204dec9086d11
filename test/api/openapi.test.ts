import assert from 'node:assert/strict';
import { errorCodes } from '../../core/errors.ts';
import { contracts } from '../../core/http/index.ts';
import { startTestApi, type TestApi } from '../support/api.ts';

describe('the reference', () => {
  let api: TestApi;
  let document: Awaited<ReturnType<TestApi['call']>>['body'];

  before(async () => {
    api = await startTestApi();
    document = (await api.call('GET', '/openapi.json')).body;
  });

  after(() => api.stop());

  it('is OpenAPI 3.1 and names every call once, with what it takes and answers', () => {
    assert.equal(document.openapi, '3.1.0');
    for (const { path, method, name, status, takes, keyed } of contracts) {
      const call = document.paths[path.replace(':id', '{id}')][method];
      assert.equal(call.operationId, name);
      assert.ok(call.responses[status].content['application/json'].schema.properties, name);
      assert.equal(call.requestBody !== undefined, takes !== 'nothing', name);
      const headers = call.parameters.filter(({ in: where }: { in: string }) => where === 'header');
      assert.equal(headers.length, keyed ? 1 : 0, name);
    }
  });

  it('lists every code that a problem may have', () => {
    assert.deepEqual(document.components.schemas.Problem.properties.code.enum, errorCodes);
    const text = JSON.stringify(document.paths);
    for (const contract of contracts) for (const code of contract.errors) assert.ok(text.includes(`\`${code}\``), code);
  });

  it('refers to nothing that is not there', () => {
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]);
    assert.deepEqual([...new Set(references)], ['#/components/schemas/Problem']);
    assert.ok(!text.includes('$defs'));
  });

  it('can be read on a page whose parts all come from here', async () => {
    const page = await fetch(`${api.url}/docs`);
    assert.match(page.headers.get('content-security-policy') ?? '', /script-src 'self';/);
    const html = await page.text();
    const parts = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    assert.ok(parts.length >= 4);
    for (const part of parts) {
      assert.ok(part.startsWith('/docs/'), part);
      const answer = await fetch(`${api.url}${part}`);
      assert.equal(answer.status, 200, part);
      assert.ok((await answer.arrayBuffer()).byteLength > 50, part);
    }
  });

  it('serves no other file of the package', async () => {
    for (const path of [
      '/docs/package.json',
      '/docs/index.html',
      '/docs/..%2fpackage.json',
      '/docs/swagger-ui.js.map',
    ]) {
      assert.equal((await fetch(`${api.url}${path}`)).status, 404, path);
    }
  });

  it('the catalogue is what the file says, without a provider’s own names', async () => {
    const { token } = await api.logIn('anna');
    const { body } = await api.call('GET', '/catalogue', { token });
    assert.deepEqual(body.packs[0].price, { amountMinor: '50000', asset: 'RUB' });
    assert.deepEqual(body.packs[0].grants, { amountMinor: '100', asset: 'CREDIT' });
    assert.ok(body.models.length >= 5);
    assert.ok(!JSON.stringify(body.models).includes('google/'));
  });
});
