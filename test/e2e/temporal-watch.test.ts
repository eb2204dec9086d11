import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTemporalCli } from '../../cli/infrastructure/temporal-finder.ts';
import { startTemporal, type TemporalServer } from '../../cli/infrastructure/temporal.ts';
import { watchTemporal } from '../../cli/start/temporal-watch.ts';
import { processEnvironment } from '../../platform/config.ts';

describe('the watch over Temporal', function () {
  this.timeout(90_000);
  const home = mkdtempSync(join(tmpdir(), 'holdfast-watch-'));
  const lines: string[] = [];
  let server: TemporalServer;

  before(async () => {
    const environment = processEnvironment();
    const cliPath = await findTemporalCli({
      cliPath: environment['TEMPORAL_CLI_PATH'],
      environment,
      onProgress: () => undefined,
    });
    server = await startTemporal({ cliPath, home, port: 0, uiPort: 'none', environment, inMemory: true });
  });
  after(async () => {
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('ends a server that lives and does not answer, and leaves alone one that answers', async () => {
    const watched = watchTemporal(server, {
      namespace: 'default',
      say: (line) => lines.push(line),
      everyMs: 100,
      failuresMax: 2,
    });
    const first = await Promise.race([watched, new Promise((resolve) => setTimeout(() => resolve('quiet'), 1_000))]);
    assert.equal(first, 'quiet');
    process.kill(Number(readFileSync(join(home, 'temporal.pid'), 'utf8')), 'SIGSTOP');
    await watched;
    await server.exited;
    assert.match(lines.join(), /has not answered 2 times in a row/);
  });
});
