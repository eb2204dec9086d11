import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Finding } from '../../cli/doctor/finding.ts';
import { repositoryFolder, repositoryPath } from '../support/environment.ts';
import { newHome } from '../support/whole-stack.ts';

describe('holdfast doctor', function () {
  this.timeout(30_000);
  let home = '';

  before(() => {
    home = newHome();
  });

  after(() => {
    rmSync(home, { recursive: true, force: true });
  });

  function doctor(variables: Record<string, string>): { code: number | null; findings: Finding[] } {
    const env = { PATH: '/usr/bin:/bin', HOLDFAST_HOME: home, ...variables };
    const options = { cwd: repositoryFolder, env, encoding: 'utf8' } as const;
    const run = spawnSync(process.execPath, [repositoryPath('cli', 'main.ts'), 'doctor', '--json'], options);
    assert.equal(run.stderr, '');
    return { code: run.status, findings: (JSON.parse(run.stdout) as { findings: Finding[] }).findings };
  }

  it('finds no failure where nothing has been started, and says what to type', () => {
    const { code, findings } = doctor({});
    assert.equal(code, 0);
    const services = findings.find(({ name }) => name === 'services');
    assert.equal(services?.status, 'warning');
    assert.match(services.fix ?? '', /npm start/);
  });

  it('names every mistake of the configuration with an example, and exits 1', () => {
    const { code, findings } = doctor({ PORT: 'eighty', LOG_LEVEL: 'loud', KIE_API_URL: 'kie' });
    assert.equal(code, 1);
    const failed = findings.filter(({ status }) => status === 'failure').map(({ detail }) => detail.split(' ')[0]);
    assert.deepEqual(failed.toSorted(), ['KIE_API_URL', 'LOG_LEVEL', 'PORT']);
  });

  it('says which port others have, and that the start moves on', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code, findings } = doctor({ PORT: String(port) });
    server.close();
    assert.equal(code, 0);
    const ports = findings.find(({ name }) => name === 'ports');
    assert.equal(ports?.status, 'warning');
    assert.ok(ports.detail.includes(`${port} (api)`), ports.detail);
  });

  it('fails on servers that do not answer, each with what to do', () => {
    const { code, findings } = doctor({
      DATABASE_URL: 'postgres://nobody:nothing@127.0.0.1:1/holdfast',
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      BOT_TOKEN: '123456789:AAE-abcdefghijklmnopqrstuvwxyz12345',
      AUTH_KEYS: '{"keys":[]}',
      FILES_SECRET: 'a-files-secret-of-more-than-32-characters',
      YOOKASSA_SIMULATOR_PORT: '1',
      HELEKET_SIMULATOR_PORT: '1',
      KIE_SIMULATOR_PORT: '1',
      TON_SIMULATOR_PORT: '1',
      TELEGRAM_API_URL: 'http://127.0.0.1:1',
    });
    assert.equal(code, 1);
    const failed = findings.filter(({ status }) => status === 'failure');
    assert.deepEqual(failed.map(({ name }) => name).toSorted(), [
      'database',
      'fragment',
      'heleket',
      'kie',
      'telegram',
      'temporal',
      'ton',
      'yookassa',
    ]);
    assert.ok(failed.every(({ fix }) => fix !== undefined && fix !== ''));
    assert.ok(!JSON.stringify(findings).includes('nothing@'));
  }).timeout(60_000);
});
