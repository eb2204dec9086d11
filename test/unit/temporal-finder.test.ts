import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTemporalCli, temporalCliVersion, TemporalMissingError } from '../../cli/infrastructure/temporal-finder.ts';

describe('the finder of Temporal', function () {
  this.timeout(60_000);
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'finder-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function executable(...parts: string[]): string {
    const path = join(folder, ...parts);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, '#!/bin/sh\necho "temporal version 1.5.1"\n');
    chmodSync(path, 0o755);
    return path;
  }

  function find(cliPath: string | undefined, PATH: string): Promise<string> {
    const cacheFolder = join(folder, 'cache');
    return findTemporalCli({ cliPath, environment: { PATH }, onProgress: () => undefined, cacheFolder });
  }

  it('prefers TEMPORAL_CLI_PATH, then PATH, then the cache', async () => {
    const given = executable('given', 'temporal');
    const onPath = executable('bin', 'temporal');
    const cached = executable('cache', `temporal-${temporalCliVersion}`, 'temporal');
    assert.equal(await find(given, join(folder, 'bin')), given);
    assert.equal(await find(undefined, join(folder, 'bin')), onPath);
    assert.equal(await find(undefined, join(folder, 'nothing')), cached);
  });

  it('passes over a file that cannot be run', async () => {
    const onPath = executable('bin', 'temporal');
    chmodSync(onPath, 0o644);
    const cached = executable('cache', `temporal-${temporalCliVersion}`, 'temporal');
    assert.equal(await find(undefined, join(folder, 'bin')), cached);
  });

  it('refuses a TEMPORAL_CLI_PATH that leads nowhere, and lists the ways to get Temporal', async () => {
    await assert.rejects(find(join(folder, 'nowhere'), ''), (error: Error) => {
      assert.ok(error instanceof TemporalMissingError);
      for (const way of ['TEMPORAL_ADDRESS', 'TEMPORAL_CLI_PATH', 'PATH', 'install Go'])
        assert.ok(error.message.includes(way), way);
      return true;
    });
  });
});
