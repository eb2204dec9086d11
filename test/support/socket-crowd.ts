import { fork } from 'node:child_process';
import { once } from 'node:events';
import { repositoryPath } from './environment.ts';

/** What a crowd is told to open. */
export interface CrowdOrder {
  readonly url: string;
  readonly tokens: readonly string[];
  readonly perPerson: number;
  /** So many of the first sockets answer no ping, as a peer does whose line is dead. */
  readonly silent: number;
}

/** How the sockets of a crowd are. */
export interface Crowd {
  readonly opened: number;
  readonly open: number;
  /** Those of the open ones that have had their one snapshot. */
  readonly placed: number;
  /** Those that have had one event. */
  readonly told: number;
  readonly toldTwice: number;
  /** With what closed sockets were closed. */
  readonly codes: readonly number[];
}

/** Sockets in a process of their own, so that their files and their memory are not the server's. */
export function gatherCrowd(order: CrowdOrder): { look(): Promise<Crowd>; leave(): Promise<void> } {
  const child = fork(repositoryPath('test', 'support', 'socket-crowd-process.ts'));
  child.send(order);
  return {
    async look() {
      child.send('tell');
      const [crowd] = (await once(child, 'message')) as [Crowd];
      return crowd;
    },
    async leave() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
