import assert from 'node:assert/strict';
import { isAlive } from '../../cli/infrastructure/processes.ts';
import { logIn } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { clearHome, newHome, startWholeStack } from '../support/whole-stack.ts';

describe('npm start after kill -9', function () {
  this.timeout(240_000);
  let home = '';

  beforeEach(() => {
    home = newHome();
  });

  afterEach(async () => {
    await clearHome(home);
  });

  it('of the whole tree finishes the generation that was under way, and charges it once', async () => {
    const before = await startWholeStack(home);
    const boris = await logIn(before.board, 'boris');
    await boris.buyCredits('credits-100');
    const generationId = await boris.orderPicture('a lighthouse at night');
    assert.deepEqual(await boris.credits(), { available: '96', held: '4' });
    await boris.waitUntilSubmitted(generationId);
    await before.killTree();

    const after = await startWholeStack(home);
    assert.equal(after.board.api, before.board.api);
    const again = await logIn(after.board, 'boris');
    assert.equal((await again.waitFor(generationId)).status, 'succeeded');
    assert.deepEqual(await again.credits(), { available: '96', held: '0' });
    assert.equal(await after.interrupt(), 0);
  });

  it('of the supervisor alone ends everything that it had started', async () => {
    const stack = await startWholeStack(home);
    const processes = stack.processes();
    process.kill(stack.supervisorPid(), 'SIGKILL');
    await eventually(() => !processes.some(isAlive), { withinMs: 20_000 });
    const again = await startWholeStack(home);
    assert.equal(await again.interrupt(), 0);
  });
});
