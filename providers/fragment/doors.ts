import { type Outcome, done, notSent, refused, unknown } from '../../core/result.ts';
import type { FragmentCalls, FragmentPage } from './calls.ts';
import { isSessionRefusal } from './codes.ts';
import { type FragmentCookies, sameCookies } from './cookies.ts';
import type { FragmentSession, FragmentVault } from './session.ts';

/** What a call needs: cookies, and the page's token. */
export interface Door {
  readonly cookies: FragmentCookies;
  readonly hash: string;
}

export interface Doors {
  /**
   * Does something with the session. An answer that says that it does not hold has the page fetched anew and the whole
   * work repeated once; after that the session counts as expired, and the work is `not_sent` until it was renewed.
   * `login_required` when only a person can help.
   */
  through<T>(work: (door: Door) => Promise<Outcome<T>>, rules?: DoorRules): Promise<Outcome<T>>;
}

export interface DoorRules {
  /** A refusal says nothing about the session: the second one is `unknown`, and the session stays as it was. */
  readonly isOptional?: true;
  /** Done with nothing less than a log-in and our wallet linked: an answer ends all doubts about the session. */
  readonly isProof?: true;
}

/** The reason of an optional call that was refused twice. */
export const refusedWithoutNeed = 'refused_without_need';

const hashKeptMs = 120_000;
const renewalWaitMs = 2_000;

interface KeptPage {
  readonly version: number;
  readonly at: number;
  readonly page: Promise<Outcome<FragmentPage>>;
}

/** The way in: the session of the database, and the page's token, which is kept for two minutes by each process. */
export function createDoors({ vault, calls }: { readonly vault: FragmentVault; readonly calls: FragmentCalls }): Doors {
  let kept: KeptPage | undefined;
  /** Versions that Fragment gave its "Unknown error" under, since a payment request last came through. */
  const doubted = new Set<number>();

  /** Calls that come at once share one page. */
  function pageOf({ version, cookies }: FragmentSession, olderThan: number): Promise<Outcome<FragmentPage>> {
    const usable = kept?.version === version && kept.at > olderThan && performance.now() - kept.at < hashKeptMs;
    if (!kept || !usable) kept = { version, at: performance.now(), page: calls.page(cookies) };
    return kept.page;
  }

  async function doorTo(session: FragmentSession, olderThan: number): Promise<Outcome<Door>> {
    const page = await pageOf(session, olderThan);
    if (page.outcome !== 'done') {
      kept = undefined;
      return page;
    }
    const { cookies, hash } = page.value;
    if (!sameCookies(cookies, session.cookies)) await vault.save({ ...session, cookies });
    return done({ cookies, hash });
  }

  async function afterRefusal(
    { version }: FragmentSession,
    { code, message }: { readonly code: string; readonly message: string },
  ): Promise<Outcome<never>> {
    kept = undefined;
    const now = await vault.open();
    if (now && now.version !== version) return notSent('session_renewed', renewalWaitMs / 4);
    if (code === 'session_doubted' && doubted.size > 0 && !doubted.has(version)) return loginRequired(message);
    if (code === 'session_doubted') doubted.add(version);
    await vault.markExpired(version);
    return notSent('session_expired', renewalWaitMs);
  }

  return {
    async through(work, rules) {
      const session = await vault.open();
      if (!session) return loginRequired('nobody has logged in: run `holdfast fragment login`');
      if (session.state === 'login_required') return loginRequired('the log-in has ended');
      if (session.state === 'expired') return notSent('session_expired', renewalWaitMs);
      let olderThan = Number.NEGATIVE_INFINITY;
      for (let isLast = false; ; isLast = true) {
        const door = await doorTo(session, olderThan);
        const answer = door.outcome === 'done' ? await work(door.value) : door;
        if (!isSessionRefusal(answer)) {
          if (answer.outcome === 'done' && rules?.isProof) doubted.clear();
          return answer;
        }
        if (isLast && rules?.isOptional) return unknown(refusedWithoutNeed);
        if (isLast) return afterRefusal(session, answer);
        olderThan = performance.now();
      }
    },
  };
}

/** A person must log in; the sentence says why. */
export function loginRequired(message: string): Outcome<never> {
  return refused('login_required', `Fragment: ${message}`);
}
