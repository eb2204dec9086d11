import type { FragmentSessionInput, SessionKept } from '../core/flows/fragment-session.ts';
import { limits } from '../core/limits.ts';
import type { Cases } from '../db/cases.ts';
import type { FragmentSessions } from '../db/fragment-sessions.ts';
import type { StarsProvider } from '../providers/ports.ts';
import { askAgainLater } from './ask-again-later.ts';
import { withHeartbeat } from './heartbeat.ts';

export interface SessionKeeperDeps {
  readonly fragmentSessions: Pick<FragmentSessions, 'read' | 'isOld'>;
  readonly starsProvider: (name: string) => StarsProvider;
  readonly cases: Cases;
}

/** Keeping our session at who sells Stars. */
export function createSessionKeeperActivities(deps: SessionKeeperDeps) {
  return {
    /**
     * Renews the session when it has ended or is old; a repeat finds what the first time left. Once a day a person is
     * told when only they can help; where nobody has ever logged in, nobody is told before somebody buys.
     */
    async keepSession({ provider, account }: FragmentSessionInput): Promise<Exclude<SessionKept, 'unreachable'>> {
      const stored = await deps.fragmentSessions.read(account);
      const isYoung = async () => !(await deps.fragmentSessions.isOld(account, limits.fragmentSessionRenewMs));
      if (stored?.state === 'alive' && (await isYoung())) return 'alive';
      if (stored?.state === 'login_required') return tellPerson(deps, provider);
      const renewed = await withHeartbeat(() => deps.starsProvider(provider).refreshSession());
      if (renewed.outcome === 'done') return 'alive';
      if (renewed.outcome !== 'refused') throw askAgainLater(renewed);
      return stored === null ? 'login_required' : tellPerson(deps, provider);
    },
  };
}

/** One case a day, the same that a purchase opens which meets the ended log-in. */
async function tellPerson({ cases }: SessionKeeperDeps, provider: string): Promise<'login_required'> {
  const code = 'login_required';
  const day = new Date().toISOString().slice(0, 10);
  await cases.open({
    key: `provider-account/${provider}/${code}/${day}`,
    kind: 'provider_account',
    evidence: { provider, code },
  });
  return code;
}
