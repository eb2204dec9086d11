import assert from 'node:assert/strict';
import pg from 'pg';
import { startTestApi, type TestApi } from '../support/api.ts';
import { openOffice, type Office } from '../support/office.ts';
import { insufficientPrivilege, rejectsWith, restrictViolation } from '../support/rejects.ts';
import { insertStarPurchase } from '../support/star-orders.ts';

describe('the trail of operators', () => {
  let api: TestApi;
  let office: Office;
  let manager: { token: string; userId: string };

  before(async () => {
    api = await startTestApi();
    office = await openOffice(api);
    manager = await office.employ('sonya', 'manager');
  });

  after(async () => {
    await office.close();
    await api.stop();
  });

  const close = (id: string, reason = 'the account was topped up') =>
    api.call('POST', `/admin/cases/${id}/close`, { token: manager.token, body: { reason } });
  const trail = async () => (await api.call('GET', '/admin/actions', { token: manager.token })).body.items;

  it('has one line for a change: who, as what, what, on what, why, and what came of it', async () => {
    const id = await office.openCase();
    assert.equal((await close(id)).body.outcome, 'closed');
    const [line, ...others] = (await trail()).filter(({ onWhat }: { onWhat: string }) => onWhat === id);
    assert.equal(others.length, 0);
    const { operator, role, what, reason, answer } = line;
    assert.deepEqual(
      [operator, role, what, reason, answer],
      ['Соня', 'manager', 'closeCase', 'the account was topped up', 'closed'],
    );
  });

  it('has a line for what came to nothing as well', async () => {
    const id = await office.openCase();
    await close(id);
    assert.equal((await close(id, 'once more')).body.outcome, 'already_closed');
    await close('999999', 'of what does not exist');
    const [unknown, second] = await trail();
    assert.deepEqual([unknown.answer, second.answer], ['not_found', 'already_closed']);
  });

  it('has no line for what was only read or was not well-formed', async () => {
    const before = (await trail()).length;
    await close(await office.openCase(), '');
    await api.call('GET', '/admin/cases', { token: manager.token });
    assert.equal((await trail()).length, before);
  });

  it('leaves the answer open while the outcome is not known, and does nothing when no line can be written', async () => {
    const { userId } = await api.logIn('anna');
    const purchase = await insertStarPurchase(office.owner, { person: userId });
    await office.owner.query(`UPDATE app.star_purchase SET status = 'reserved' WHERE id = $1`, [purchase.id]);
    await office.owner.query(`UPDATE app.star_purchase SET status = 'needs_attention' WHERE id = $1`, [purchase.id]);
    const parked = { kind: 'star_purchase_parked', workflowId: purchase.workflowId };
    const path = `/admin/cases/${await office.openCase(parked)}/decide`;
    const body = { decision: 'delivered', reason: 'seen in the chat' };
    // Temporal is away.
    assert.equal((await api.call('POST', path, { token: manager.token, body })).status, 503);
    const [line] = await trail();
    assert.deepEqual([line.what, line.asked, line.answer], ['decideCase', { decision: 'delivered' }, null]);

    const id = await office.openCase();
    await office.owner.query('REVOKE INSERT ON app.operator_action FROM holdfast_app');
    assert.equal((await close(id)).status, 500);
    await office.owner.query('GRANT INSERT ON app.operator_action TO holdfast_app');
    const { rows } = await office.owner.query('SELECT closed_at FROM app.attention WHERE id = $1', [id]);
    assert.equal(rows[0].closed_at, null);
  });

  it('cannot be changed: not by the application, and not by the owner of the table', async () => {
    await close(await office.openCase());
    const application = new pg.Client({ connectionString: api.database.url });
    await application.connect();
    try {
      await rejectsWith(insufficientPrivilege, application.query('DELETE FROM app.operator_action'));
      await rejectsWith(insufficientPrivilege, application.query(`UPDATE app.operator_action SET reason = 'other'`));
      await rejectsWith(restrictViolation, application.query(`UPDATE app.operator_action SET answer = 'other'`));
    } finally {
      await application.end();
    }
    for (const statement of [
      'DELETE FROM app.operator_action',
      'TRUNCATE app.operator_action',
      `UPDATE app.operator_action SET reason = 'other'`,
    ]) {
      await rejectsWith(restrictViolation, office.owner.query(statement));
    }
  });

  it('is read page by page', async () => {
    const first = await api.call('GET', '/admin/actions?limit=2', { token: manager.token });
    const second = await api.call('GET', `/admin/actions?limit=2&cursor=${first.body.nextCursor}`, {
      token: manager.token,
    });
    const ids = [...first.body.items, ...second.body.items].map(({ id }) => Number(id));
    assert.deepEqual(
      ids,
      ids.toSorted((one, other) => other - one),
    );
    assert.equal(new Set(ids).size, 4);
  });
});
