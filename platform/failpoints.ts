import { existsSync, readFileSync, rmSync } from 'node:fs';

/** What an armed failpoint does when it is reached. */
type FailpointAction =
  { readonly kind: 'kill' } | { readonly kind: 'throw' } | { readonly kind: 'pause'; readonly ms: number };

interface ArmedFailpoint {
  readonly action: FailpointAction;
  /** How many more times it is passed unharmed before it acts. */
  passes: number;
}

export type Failpoint = (name: string) => Promise<void>;

/** A failpoint that was told to throw. */
export class FailpointError extends Error {
  constructor(name: string) {
    super(`failpoint ${name} was reached`);
    this.name = 'FailpointError';
  }
}

/** What nothing is armed costs: one resolved promise. */
export const unarmed: Failpoint = () => Promise.resolve();

/**
 * Named places where a test of crashes may stop the world. `spec` is a comma-separated list: `name=kill` ends the
 * process as `kill -9` does, `name=kill@3` at the third time, `name=throw`, `name=pause:500`. `armFile`, read each time
 * a point is reached, lets a test arm a running process; a line that has acted is gone, because the file is removed
 * first. Embedded mode only: production passes neither and gets the free `unarmed`.
 */
export function createFailpoints(options: { readonly spec: string; readonly armFile?: string }): Failpoint {
  const armed = parse(options.spec);
  const { armFile } = options;
  if (armed.size === 0 && armFile === undefined) return unarmed;
  return async (name) => {
    if (armFile !== undefined) takeFile(armFile, armed);
    const point = armed.get(name);
    if (!point) return;
    if (point.passes > 0) {
      point.passes -= 1;
      return;
    }
    armed.delete(name);
    await act(name, point.action);
  };
}

function takeFile(path: string, armed: Map<string, ArmedFailpoint>): void {
  if (!existsSync(path)) return;
  const spec = readFileSync(path, 'utf8').trim();
  rmSync(path, { force: true });
  for (const [name, point] of parse(spec)) armed.set(name, point);
}

async function act(name: string, action: FailpointAction): Promise<void> {
  if (action.kind === 'kill') process.kill(process.pid, 'SIGKILL');
  if (action.kind === 'throw') throw new FailpointError(name);
  if (action.kind === 'pause') await new Promise((resolve) => setTimeout(resolve, action.ms));
}

function parse(spec: string): Map<string, ArmedFailpoint> {
  const points = spec
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return new Map(points.map(parsePoint));
}

function parsePoint(text: string): [string, ArmedFailpoint] {
  const match = /^([\w.-]+)=(kill|throw|pause:(\d+))(?:@(\d+))?$/.exec(text);
  if (!match)
    throw new Error(`FAILPOINTS: "${text}" is not of the form name=kill, name=kill@3, name=throw or name=pause:500`);
  const [, name = '', kind = '', ms, time = '1'] = match;
  const action: FailpointAction =
    ms !== undefined ? { kind: 'pause', ms: Number(ms) } : { kind: kind === 'kill' ? 'kill' : 'throw' };
  return [name, { action, passes: Number(time) - 1 }];
}
