import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFailpoints, FailpointError, unarmed } from '../../platform/failpoints.ts';
import { repositoryPath } from '../support/environment.ts';

describe('failpoints', () => {
  it('are nothing at all when none is armed', () => {
    assert.equal(createFailpoints({ spec: '' }), unarmed);
  });

  it('throw where they are told to, once', async () => {
    const failpoint = createFailpoints({ spec: 'a.b=throw' });
    await failpoint('other');
    await assert.rejects(failpoint('a.b'), FailpointError);
    await failpoint('a.b');
  });

  it('act at the third time when so armed', async () => {
    const failpoint = createFailpoints({ spec: 'a=throw@3' });
    await failpoint('a');
    await failpoint('a');
    await assert.rejects(failpoint('a'), FailpointError);
  });

  it('pause for the time given', async () => {
    const failpoint = createFailpoints({ spec: 'a=pause:40' });
    const startedAt = performance.now();
    await failpoint('a');
    assert.ok(performance.now() - startedAt >= 39);
  });

  it('end the process as kill -9 does', () => {
    const module = repositoryPath('platform', 'failpoints.ts');
    const program = `import { createFailpoints } from '${module}'; await createFailpoints({ spec: 'a=kill' })('a');`;
    const ended = spawnSync(process.execPath, ['--input-type=module', '-e', program]);
    assert.equal(ended.signal, 'SIGKILL');
  });

  it('can be armed in a running process by a file, which is taken', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'failpoints-'));
    const armFile = join(folder, 'arm');
    const failpoint = createFailpoints({ spec: '', armFile });
    await failpoint('a');
    writeFileSync(armFile, 'a=throw');
    await assert.rejects(failpoint('a'), FailpointError);
    assert.ok(!existsSync(armFile));
    rmSync(folder, { recursive: true });
  });

  it('refuse a text that they do not understand', () => {
    assert.throws(() => createFailpoints({ spec: 'a=explode' }), /"a=explode" is not of the form/);
  });
});
