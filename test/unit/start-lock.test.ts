import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryLock } from '../../cli/infrastructure/lock.ts';
import { repositoryPath } from '../support/environment.ts';

describe('a lock file', () => {
  let folder = '';
  let path = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lock-'));
    path = join(folder, 'start.lock');
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is held by one and names its holder', () => {
    const first = tryLock(path);
    assert.ok(first.held);
    assert.deepEqual(tryLock(path), { held: false, holderPid: process.pid });
    first.release();
    assert.ok(!existsSync(path));
    assert.ok(tryLock(path).held);
  });

  it('is taken over from a process that was killed', () => {
    const module = repositoryPath('cli', 'infrastructure', 'lock.ts');
    const program = `import { tryLock } from '${module}'; tryLock('${path}'); process.kill(process.pid, 'SIGKILL');`;
    assert.equal(spawnSync(process.execPath, ['--input-type=module', '-e', program]).signal, 'SIGKILL');
    assert.ok(existsSync(path));
    assert.ok(tryLock(path).held);
  });

  it('is taken over when the id of its holder belongs to another process now', () => {
    assert.ok(tryLock(path).held);
    const holder = JSON.parse(readFileSync(path, 'utf8')) as { pid: number; startedAt: string };
    writeFileSync(path, JSON.stringify({ ...holder, startedAt: 'long ago' }));
    assert.ok(tryLock(path).held);
  });

  it('is taken over when it is half written', () => {
    writeFileSync(path, '{"pid":');
    assert.ok(tryLock(path).held);
  });
});
