import type { BreakerStanding, BreakerState } from './breaker.ts';

/**
 * - `ok`: it works as far as anybody knows;
 * - `degraded`: it fails in part, or is being tried again;
 * - `down`: it does not answer, or is left alone for a while because it failed too often;
 * - `not_configured`: the shop does without it.
 */
export const componentStatuses = ['ok', 'degraded', 'down', 'not_configured'] as const;
export type ComponentStatus = (typeof componentStatuses)[number];

/** How one part of the shop stands. Nothing here is secret: no address, no key, no answer of anybody. */
export interface Component {
  readonly component: string;
  readonly status: ComponentStatus;
  /** Since when, as far as is known: of a provider whose breaker is not closed, when its failures began. */
  readonly since: string | null;
  /** The worst of its breakers; null where it has none, or where it has never failed. */
  readonly breaker: BreakerState | null;
  readonly detail: string;
}

/** The breaker of one way out, with the time since which it stands so. */
export interface WayStanding extends BreakerStanding {
  readonly way: string;
  readonly since: string;
}

/** The outside system that a way out leads to: a second way is named after it, with a dash and what it is for. */
export function systemOf(way: string): string {
  return way.split('-', 1)[0] ?? way;
}

const worstFirst = ['open', 'half_open', 'closed'] as const satisfies readonly BreakerState[];

export interface ProviderFacts {
  readonly isConfigured: boolean;
  readonly ways: readonly WayStanding[];
  /** Outside systems where our log-in has ended; absent: none. */
  readonly endedLogIns?: ReadonlySet<string>;
}

/** How an outside system stands by the breakers of its ways, which all processes share, and by our log-in there. */
export function judgeProvider(component: string, { isConfigured, ways, endedLogIns }: ProviderFacts): Component {
  if (!isConfigured) {
    return {
      component,
      status: 'not_configured',
      since: null,
      breaker: null,
      detail: 'nothing is sold through it here',
    };
  }
  if (endedLogIns?.has(component) === true) {
    const detail = 'our log-in there has ended: a person must log in';
    return { component, status: 'down', since: null, breaker: null, detail };
  }
  const own = ways.filter(({ way }) => systemOf(way) === component);
  const worst = own.toSorted((one, other) => worstFirst.indexOf(one.state) - worstFirst.indexOf(other.state))[0];
  if (worst === undefined) {
    return { component, status: 'ok', since: null, breaker: null, detail: 'no call has failed yet' };
  }
  const isMain = worst.way === component;
  const status = worst.state === 'closed' ? 'ok' : worst.state === 'open' && isMain ? 'down' : 'degraded';
  const detail = own.map(describeWay).join('; ');
  return { component, status, since: worst.since, breaker: worst.state, detail };
}

/** What a second way of a system is for, by the end of its name. */
const purposes: Readonly<Record<string, string>> = {
  poll: 'fetching of updates',
  files: 'files',
  send: 'sending of messages',
};

function describeWay({ way: name, state, failures, waitMs }: WayStanding): string {
  const purpose = purposes[name.slice(systemOf(name).length + 1)];
  const way = purpose === undefined ? name : `${name} (${purpose})`;
  const failed = `${failures} failure${failures === 1 ? '' : 's'} in a row`;
  const seconds = Math.ceil(waitMs / 1_000);
  switch (state) {
    case 'closed':
      return `calls to ${way} go through${failures === 0 ? '' : `, ${failed} up to now`}`;
    case 'open':
      if (seconds === 0) return `${way} is left alone after ${failed}; the next call tries it again`;
      return `${way} is left alone after ${failed}, for ${seconds} s more`;
    case 'half_open':
      return `${way} is tried by one call after ${failed}`;
  }
}

/** The whole by its parts: only what the shop cannot do without makes it `down`. */
export function judgeWhole(
  components: readonly Component[],
  essential: readonly string[],
): Exclude<ComponentStatus, 'not_configured'> {
  const isDown = components.some(({ component, status }) => status === 'down' && essential.includes(component));
  if (isDown) return 'down';
  return components.every(({ status }) => status === 'ok' || status === 'not_configured') ? 'ok' : 'degraded';
}
