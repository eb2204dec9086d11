import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

/**
 * PostgreSQL refuses to run as root. Undefined for an ordinary user; for root the user `postgres`, made when it does
 * not exist, else `nobody`.
 */
export function postgresUser(): SystemUser | undefined {
  if (userInfo().uid !== 0) return undefined;
  const known = lookUp('postgres');
  if (known) return known;
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  const found = lookUp('postgres') ?? lookUp('nobody');
  if (!found)
    throw new Error('PostgreSQL cannot run as root, and there is no user "postgres" or "nobody" to run it as');
  return found;
}

function lookUp(name: string): SystemUser | undefined {
  const [uid, gid] = [idOf('-u', name), idOf('-g', name)];
  return uid === undefined || gid === undefined ? undefined : { uid, gid, name };
}

function idOf(option: string, name: string): number | undefined {
  const answer = spawnSync('id', [option, name], { encoding: 'utf8' });
  return answer.status === 0 ? Number(answer.stdout.trim()) : undefined;
}
