import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { demoCredentials } from '../../platform/config.ts';
import { choosePort } from '../../platform/ports.ts';

/** The files that `npm start` keeps in its home. */
export const stateFiles = {
  lock: 'start.lock',
  secrets: 'secrets.json',
  ports: 'ports.json',
  /** What the verbs of another terminal add to their own environment. */
  environment: 'environment.json',
  children: 'children.json',
  board: 'board.json',
  bundle: 'workflow-bundle.js',
} as const;

/** Secrets that the person did not give; made once, kept over restarts, refused by production. */
export function demoSecrets(home: string): Record<string, string> {
  const path = join(home, stateFiles.secrets);
  const kept = readJson<Record<string, string>>(path) ?? {};
  const random = (bytes: number): string => `${demoCredentials.prefix}${randomBytes(bytes).toString('hex')}`;
  const secrets = {
    AUTH_KEYS: kept['AUTH_KEYS'] ?? demoAuthKeys(random(6)),
    FILES_SECRET: kept['FILES_SECRET'] ?? random(24),
    BOT_TOKEN: kept['BOT_TOKEN'] ?? `7000000001:${random(16)}`,
    KIE_WEBHOOK_KEY: kept['KIE_WEBHOOK_KEY'] ?? random(16),
    TELEGRAM_WEBHOOK_SECRET: kept['TELEGRAM_WEBHOOK_SECRET'] ?? random(16),
  };
  writeJson(path, secrets);
  return secrets;
}

function demoAuthKeys(keyId: string): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return JSON.stringify({ keys: [{ ...privateKey.export({ format: 'jwk' }), kid: keyId, alg: 'EdDSA', use: 'sig' }] });
}

/** The ports of one run, by name. */
export type Ports = Readonly<Record<PortName, number>>;
export type PortName = keyof typeof defaultPorts;

const defaultPorts = {
  api: 8080,
  apiMetrics: 9464,
  workerMetrics: 9465,
  yookassa: 8091,
  kie: 8092,
  kieUploads: 8093,
  telegram: 8094,
  heleket: 8095,
  ton: 8096,
  fragment: 8097,
  botMetrics: 9466,
  database: 54329,
  temporal: 7233,
  temporalUi: 8233,
};

/**
 * A free port for each server: the asked one, else that of the last run, since addresses were given out with it, else
 * the default; where it is taken, the next free. Kept for the next run.
 */
export async function choosePorts(home: string, asked: Partial<Record<PortName, number>>): Promise<Ports> {
  const path = join(home, stateFiles.ports);
  const last = readJson<Partial<Ports>>(path) ?? {};
  const chosen: Partial<Record<PortName, number>> = {};
  const taken = new Set<number>();
  for (const name of Object.keys(defaultPorts) as PortName[]) {
    const port = await choosePort(asked[name] || (last[name] ?? asked[name] ?? defaultPorts[name]), taken);
    taken.add(port);
    chosen[name] = port;
  }
  writeJson(path, chosen);
  return chosen as Ports;
}

/** Removes what says that this home is running. */
export function forgetRun(home: string): void {
  for (const file of [stateFiles.board, stateFiles.environment, stateFiles.children])
    rmSync(join(home, file), { force: true });
}

export function readJson<T>(path: string): T | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : undefined;
}

/** Writes a file whole or not at all, for the owner's eyes. */
export function writeJson(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  const half = `${path}.${process.pid}`;
  writeFileSync(half, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(half, path);
}
