import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isFree } from '../../platform/ports.ts';
import { isAlive } from '../../cli/infrastructure/processes.ts';
import { demoUsers } from '../../core/demo.ts';
import { logIn } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import {
  clearHome,
  launchStart,
  newHome,
  runVerbIn,
  startWholeStack,
  type WholeStack,
} from '../support/whole-stack.ts';

const portOf = (url: string | null): number => Number(new URL(url ?? '').port);

describe('npm start', function () {
  this.timeout(120_000);
  const homes: string[] = [];
  let stack: WholeStack;

  before(async () => {
    homes.push(newHome());
    stack = await startWholeStack(homes[0] ?? '');
  });

  after(async () => {
    for (const home of homes) await clearHome(home);
  });

  it('writes a board on which everything answers', async () => {
    const { api, temporalUi, simulators, demo } = stack.board;
    for (const url of [`${api}/healthz`, `${api}/readyz`, `${temporalUi}`]) {
      assert.equal((await fetch(url)).status, 200, url);
    }
    for (const url of Object.values(simulators)) assert.equal((await fetch(`${url}/_sim/state`)).status, 200, url);
    assert.deepEqual(demo.users.map(({ role }) => role).toSorted(), ['buyer', 'buyer', 'manager', 'owner']);
    assert.ok(demo.users.every(({ telegramId }) => telegramId > 2 ** 32));
    assert.match(stack.output(), /Holdfast is up/);
  });

  it('gives the sandbox the way to the workflows and to the orders', async () => {
    const { temporalUi, simulators } = stack.board;
    const desk = (await (await fetch(`${simulators['telegram']}/_sim/desk`)).json()) as object;
    assert.deepEqual(desk, { hasOrders: true, workflowsUrl: `${temporalUi}/namespaces/default/workflows/` });
    const [anna] = demoUsers;
    const orders = await fetch(`${simulators['telegram']}/_sim/people/${anna?.telegramId}/orders`);
    assert.deepEqual(await orders.json(), { orders: [] });
  });

  it('keeps passwords and keys to its owner', () => {
    for (const file of ['secrets.json', 'postgres.json', 'environment.json', 'board.json']) {
      assert.equal(statSync(join(stack.home, file)).mode & 0o077, 0, file);
    }
  });

  it('sells credits and a picture for them', async () => {
    const anna = await logIn(stack.board, 'anna');
    await anna.buyCredits('credits-100');
    const generation = await anna.waitFor(await anna.orderPicture('a red fox in the snow'));
    assert.equal(generation.status, 'succeeded');
    const picture = await fetch(generation.resultUrls[0] ?? '');
    assert.equal(picture.headers.get('content-type'), 'image/png');
    assert.deepEqual(await anna.credits(), { available: '96', held: '0' });
  });

  it('is found in order by the doctor, from another terminal', () => {
    const doctor = runVerbIn(stack.home, 'doctor', '--json');
    assert.equal(doctor.status, 0, doctor.stdout);
    const { findings } = JSON.parse(doctor.stdout) as { findings: { name: string; status: string }[] };
    assert.deepEqual(
      findings.map(({ name, status }) => `${name} ${status}`),
      [
        'node',
        'disk',
        'ports',
        'configuration',
        'database',
        'temporal',
        'breakers',
        'yookassa',
        'heleket',
        'kie',
        'ton',
        'telegram',
        'fragment',
      ].map((name) => `${name} ok`),
    );
  });

  it('says what happened and what to do when its database cannot be had', async () => {
    const home = newHome();
    homes.push(home);
    const failed = launchStart(home, { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/nothing' });
    assert.equal(await failed.ended, 1);
    assert.match(
      failed.output(),
      /DATABASE_URL cannot be used: .*\n\nHoldfast did not start\. .*run `npm start` again/,
    );
  });

  it('refuses to start twice from one home, and says where it runs', async () => {
    const second = launchStart(stack.home);
    assert.equal(await second.ended, 1);
    assert.match(second.output(), new RegExp(`already runs .* its API is at ${stack.board.api}`));
  });

  it('runs beside another copy, on other ports', async () => {
    homes.push(newHome());
    const other = await startWholeStack(homes.at(-1) ?? '');
    const ports = [stack, other].map(({ board }) => [board.api, board.temporalUi, board.databaseUrl].map(portOf));
    assert.equal(new Set(ports.flat()).size, 6);
    assert.equal((await fetch(`${stack.board.api}/readyz`)).status, 200);
    assert.equal(await other.interrupt(), 0);
  });

  it('starts a part again that was killed', async () => {
    const board = await fetch(`${stack.board.api}/healthz`);
    assert.equal(board.status, 200);
    const api = stack.childPid('api');
    process.kill(api, 'SIGKILL');
    await eventually(() => !isAlive(api));
    const answers = (): Promise<boolean> =>
      fetch(`${stack.board.api}/readyz`).then(
        ({ status }) => status === 200,
        () => false,
      );
    await eventually(answers, { withinMs: 30_000, everyMs: 100 });
    assert.notEqual(stack.childPid('api'), api);
  });

  it('leaves no process, no port and no lock behind after Ctrl-C', async () => {
    const processes = stack.processes();
    assert.ok(processes.length >= 7, `only ${processes.length} processes`);
    assert.equal(await stack.interrupt(), 0);
    assert.deepEqual(processes.filter(isAlive), []);
    const { api, temporalUi, databaseUrl, simulators } = stack.board;
    const ports = [api, temporalUi, databaseUrl, ...Object.values(simulators)].map(portOf);
    for (const port of ports) assert.ok(await isFree(port), `port ${port} is still taken`);
    const left = readdirSync(stack.home).filter((name) => /lock$|pid$|^board|^environment|^children/.test(name));
    assert.deepEqual(left, []);
    assert.ok(!existsSync(join(stack.home, 'postgres', 'postmaster.pid')));
  });
});
