import { type Component, judgeProvider, type WayStanding } from '../core/components.ts';
import { inTime } from '../platform/in-time.ts';
import type { Logger } from '../platform/logger.ts';

export interface ComponentsDeps {
  /** Each resolves when the part can be used, and throws when it cannot. Adding a part to the report is a line here. */
  readonly parts: Readonly<Record<string, () => Promise<void>>>;
  /** Outside systems by name, whether each is set up; they are judged by their breakers and never asked. */
  readonly providers: Readonly<Record<string, boolean>>;
  readonly readBreakers: () => Promise<readonly WayStanding[]>;
  readonly readEndedLogIns: () => Promise<ReadonlySet<string>>;
  /** Parts that the shop can use and that are not set up here. */
  readonly absent: readonly string[];
  readonly now: () => Date;
}

export interface Components {
  /** How each part stands; read at most once a second, whoever asks. */
  report(logger: Logger): Promise<readonly Component[]>;
}

const partTimeoutMs = 2_000;
const goodForMs = 1_000;

/** How the parts of the shop stand, for operators and for whoever watches from outside. */
export function createComponents(deps: ComponentsDeps): Components {
  const since = new Map<string, { status: string; at: string }>();
  let last: { readonly atMs: number; readonly report: Promise<readonly Component[]> } | undefined;

  /** This process saw it so first at that time. */
  function sinceOf(component: string, status: string): string {
    const known = since.get(component);
    if (known?.status === status) return known.at;
    const at = deps.now().toISOString();
    since.set(component, { status, at });
    return at;
  }

  async function askPart([component, ask]: [string, () => Promise<void>], logger: Logger): Promise<Component> {
    const startedAt = performance.now();
    try {
      await inTime(ask(), partTimeoutMs, () => new Error(`no answer within ${partTimeoutMs} ms`));
      const detail = `answers within ${Math.ceil(performance.now() - startedAt)} ms`;
      return { component, status: 'ok', since: sinceOf(component, 'ok'), breaker: null, detail };
    } catch (error) {
      logger.warn({ err: error, part: component }, 'a part does not answer');
      const detail = 'does not answer; the log says why';
      return { component, status: 'down', since: sinceOf(component, 'down'), breaker: null, detail };
    }
  }

  async function judgeProviders(logger: Logger): Promise<Component[]> {
    const names = Object.entries(deps.providers);
    try {
      const late = () => new Error(`no answer within ${partTimeoutMs} ms`);
      const facts = Promise.all([deps.readBreakers(), deps.readEndedLogIns()]);
      const [ways, endedLogIns] = await inTime(facts, partTimeoutMs, late);
      return names.map(([name, isConfigured]) => judgeProvider(name, { isConfigured, ways, endedLogIns }));
    } catch (error) {
      logger.warn({ err: error }, 'the breakers cannot be read');
      return names.map(([component, isConfigured]) => {
        if (!isConfigured) return judgeProvider(component, { isConfigured, ways: [] });
        const detail = 'not known: its breaker cannot be read';
        return { component, status: 'degraded', since: null, breaker: null, detail };
      });
    }
  }

  async function read(logger: Logger): Promise<readonly Component[]> {
    const [parts, providers] = await Promise.all([
      Promise.all(Object.entries(deps.parts).map((part) => askPart(part, logger))),
      judgeProviders(logger),
    ]);
    const absent = deps.absent.map((component): Component => {
      return { component, status: 'not_configured', since: null, breaker: null, detail: 'the shop does without it' };
    });
    return [...parts, ...absent, ...providers];
  }

  return {
    report(logger) {
      const nowMs = performance.now();
      if (last === undefined || nowMs - last.atMs > goodForMs) last = { atMs: nowMs, report: read(logger) };
      return last.report;
    },
  };
}

/** Every outside system of the configuration: whether a simulator stands in for it, and whether it is used at all. */
export function providersOf(config: object): Record<string, { readonly simulated: boolean; readonly used: boolean }> {
  const parts = Object.entries(config).flatMap(([name, part]: [string, unknown]) => {
    if (typeof part !== 'object' || part === null || !('simulated' in part)) return [];
    return [[name, { simulated: part.simulated === true, used: isUsed(part) }] as const];
  });
  return Object.fromEntries(parts);
}

/** The names of the providers that are used and are paid in a coin of the payer's choice. */
export function coinTakersOf(config: object): string[] {
  return Object.entries(config).flatMap(([name, part]: [string, unknown]) => {
    return typeof part === 'object' && part !== null && 'takesCoins' in part && isUsed(part) ? [name] : [];
  });
}

/** One that can be without its keys says itself whether it is offered; any other is used as soon as it is there. */
function isUsed(part: object): boolean {
  return !('isOffered' in part) || part.isOffered === true;
}
