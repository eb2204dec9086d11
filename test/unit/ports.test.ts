import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { choosePort, freePort } from '../../platform/ports.ts';
import { eventually } from '../support/eventually.ts';
import { repositoryPath } from '../support/environment.ts';

describe('the choice of a port', () => {
  const children: ChildProcess[] = [];

  afterEach(async () => {
    for (const child of children.splice(0)) await end(child);
  });

  it('gives processes that look at the same moment different ones', async () => {
    const wanted = await portNobodyHas();
    const chosen = await Promise.all(Array.from({ length: 6 }, () => chooseElsewhere(wanted)));
    assert.equal(new Set(chosen).size, 6, chosen.join(', '));
    assert.equal(Math.min(...chosen), wanted);
  });

  it('has a port back when the process that claimed it is killed', async () => {
    const wanted = await portNobodyHas();
    assert.equal(await chooseElsewhere(wanted), wanted);
    assert.notEqual(await choosePort(wanted), wanted);
    for (const child of children.splice(0)) await end(child);
    await eventually(async () => (await choosePort(wanted)) === wanted);
  });

  it('gives a process its own port again, as long as nobody listens there', async () => {
    const wanted = await freePort();
    assert.equal(await choosePort(wanted), wanted);
    const server = createServer().listen(wanted, '127.0.0.1');
    await once(server, 'listening');
    assert.notEqual(await choosePort(wanted), wanted);
    server.close();
  });

  it('gives any port but once, and none that an outgoing connection may take', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()));
    assert.equal(new Set(ports).size, 50);
    // Linux gives out from 32768 on, macOS and Windows from 49152.
    for (const port of ports) assert.ok(port < 32_768, String(port));
  });

  /** A port with some free ones behind it, claimed by nobody: the children have to find it free. */
  async function portNobodyHas(): Promise<number> {
    const port = await chooseElsewhere(0);
    for (const child of children.splice(0)) await end(child);
    return port;
  }

  /** Lets a process of its own choose, which then lives on. */
  async function chooseElsewhere(wanted: number): Promise<number> {
    const program = `import { choosePort } from '${repositoryPath('platform', 'ports.ts')}';
      process.stdout.write(String(await choosePort(${wanted})) + '\\n'); process.stdin.resume();`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return Number(line.toString());
  }
});

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
