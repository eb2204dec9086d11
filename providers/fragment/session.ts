import { fragmentSession } from '../../core/flows/fragment-session.ts';
import type { Sealer } from '../../platform/sealer.ts';
import { parseJson } from '../../core/json.ts';
import type { FragmentCookies } from './cookies.ts';

/** `expired`: it must be renewed. `login_required`: only a person can. */
export type FragmentSessionState = 'alive' | 'expired' | 'login_required';

/** The row of a session. Its cookies are sealed; whoever reads the table learns nothing. */
export interface FragmentSessionRow {
  readonly sealed: Uint8Array;
  /** Grows with every change of the cookies, so that nobody judges or overwrites a newer session by an older one. */
  readonly version: number;
  readonly state: FragmentSessionState;
}

/** Where sessions are kept, for all processes together; one row per account. */
export interface FragmentSessionStore {
  read(account: string): Promise<FragmentSessionRow | null>;
  /** Puts a log-in there, whatever was there before. It counts as `expired` until it has been renewed. */
  put(account: string, sealed: Uint8Array): Promise<void>;
  /** Puts it there only where nothing is. */
  putFirst(account: string, sealed: Uint8Array): Promise<void>;
  /** Says that a version does not hold any more; nothing happens when another one is there. */
  markExpired(account: string, version: number): Promise<void>;
  /** Takes the right to renew a version for so long; false while somebody else has it, or at another version. */
  takeLease(account: string, lease: { readonly version: number; readonly leaseMs: number }): Promise<boolean>;
  /** Replaces a version. False when another one is there already. Ends the lease. `isRenewed`: its age begins anew. */
  save(
    account: string,
    change: {
      readonly version: number;
      readonly sealed: Uint8Array;
      readonly state: FragmentSessionState;
      readonly isRenewed: boolean;
    },
  ): Promise<boolean>;
}

export interface FragmentSession {
  readonly cookies: FragmentCookies;
  readonly version: number;
  readonly state: FragmentSessionState;
}

/** The session in clear, for the client alone. */
export interface FragmentVault {
  /** Undefined: nobody has logged in here, or it was sealed with another key. */
  open(): Promise<FragmentSession | undefined>;
  /** A person's log-in. */
  put(cookies: FragmentCookies): Promise<void>;
  markExpired(version: number): Promise<void>;
  takeLease(version: number, leaseMs: number): Promise<boolean>;
  save(session: FragmentSession, how?: { readonly isRenewed: boolean }): Promise<boolean>;
}

export interface FragmentVaultOptions {
  readonly store: FragmentSessionStore;
  readonly sealer: Sealer;
  /** A log-in that is used while nobody has brought one: the simulator's. */
  readonly demoLogin?: FragmentCookies;
}

/** Sealed rows as sessions. */
export function createFragmentVault({ store, sealer, demoLogin }: FragmentVaultOptions): FragmentVault {
  const { account } = fragmentSession;
  const seal = (cookies: FragmentCookies) => sealer.seal(JSON.stringify(cookies), account);

  async function row(): Promise<FragmentSessionRow | null> {
    const found = await store.read(account);
    if (found !== null || demoLogin === undefined) return found;
    await store.putFirst(account, seal(demoLogin));
    return store.read(account);
  }

  return {
    async open() {
      const found = await row();
      const text = found && sealer.open(found.sealed, account);
      const cookies = text === null || text === undefined ? undefined : parseJson(text);
      if (!found || typeof cookies !== 'object' || cookies === null) return undefined;
      return { cookies: cookies, version: found.version, state: found.state };
    },
    put: (cookies) => store.put(account, seal(cookies)),
    markExpired: (version) => store.markExpired(account, version),
    takeLease: (version, leaseMs) => store.takeLease(account, { version, leaseMs }),
    save: ({ cookies, version, state }, { isRenewed } = { isRenewed: false }) =>
      store.save(account, { version, sealed: seal(cookies), state, isRenewed }),
  };
}
