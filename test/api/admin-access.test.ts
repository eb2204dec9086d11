import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { actOf, mayAct, roles } from '../../core/access.ts';
import { contracts } from '../../core/http/index.ts';
import type { Contract } from '../../core/http/contract.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { openOffice, type Office } from '../support/office.ts';

const panelCalls = contracts.filter(({ access }) => actOf(access) !== null);

describe('the calls of the operator panel', () => {
  let api: TestApi;
  let office: Office;

  before(async () => {
    api = await startTestApi();
    office = await openOffice(api);
  });

  after(async () => {
    await office.close();
    await api.stop();
  });

  function ask(contract: Contract, token?: string) {
    const path = contract.path.replace(':id', contract.name === 'readStory' ? randomUUID() : '999999');
    const body = contract.takes === 'json' ? { body: { decision: 'retry', reason: 'because of the test' } } : {};
    return api.call(contract.method.toUpperCase(), path, { ...body, ...(token === undefined ? {} : { token }) });
  }

  it('all stand under /admin, and nothing else does', () => {
    assert.ok(panelCalls.length >= 9);
    assert.deepEqual(
      contracts.filter(({ path }) => path.startsWith('/admin/')).map(({ name }) => name),
      panelCalls.map(({ name }) => name),
    );
  });

  for (const contract of panelCalls) {
    it(`${contract.name}: is 401 for nobody and 404 for a customer, like what does not exist`, async () => {
      assert.equal((await ask(contract)).status, 401);
      const { token } = await api.logIn('anna');
      const answer = await ask(contract, token);
      assert.deepEqual([answer.status, answer.body.code], [404, 'not_found']);
    });

    for (const role of roles) {
      const act = actOf(contract.access);
      const may = act !== null && mayAct(act, [role]);
      it(`${contract.name}: ${may ? 'serves' : 'refuses'} ${role}`, async () => {
        const { token } = await office.employ('boris', role);
        const { status, body } = await ask(contract, token);
        if (!may) assert.deepEqual([status, body.code], [403, 'role_not_enough']);
        // The case or order of the question does not exist, which only those hear who may ask.
        else assert.equal(status, contract.path.includes(':id') ? 404 : 200, JSON.stringify(body));
      });
    }
  }

  it('A6: a role that is taken away is gone with the next request', async () => {
    const { token, userId } = await office.employ('boris', 'owner');
    assert.equal((await api.call('GET', '/admin/me', { token })).status, 200);
    await office.setRoles(userId, []);
    assert.equal((await api.call('GET', '/admin/me', { token })).status, 404);
  });

  it('tells an operator who they are and what they may do', async () => {
    const { token } = await office.employ('boris', 'manager');
    const { body } = await api.call('GET', '/admin/me', { token });
    assert.equal(body.operator.role, 'manager');
    assert.deepEqual(body.may, ['see', 'close_case', 'decide']);
  });
});
