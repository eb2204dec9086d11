import type { FragmentSessionStore } from './session.ts';

/**
 * One session in memory, by the rules that the ledger's suite shows of the database's store: for a log-in that is only
 * being tried, and for tests of the client.
 */
export function createMemorySessions(): FragmentSessionStore {
  type Row = { sealed: Uint8Array; version: number; state: 'alive' | 'expired' | 'login_required'; leaseUntil: number };
  let row: Row | null = null;
  const at = (version: number) => (row?.version === version ? row : null);
  return {
    read: () => Promise.resolve(row),
    put(_account, sealed) {
      row = { sealed, version: (row?.version ?? 0) + 1, state: 'expired', leaseUntil: 0 };
      return Promise.resolve();
    },
    putFirst(_account, sealed) {
      row ??= { sealed, version: 1, state: 'expired', leaseUntil: 0 };
      return Promise.resolve();
    },
    markExpired(_account, version) {
      const found = at(version);
      if (found?.state === 'alive') found.state = 'expired';
      return Promise.resolve();
    },
    takeLease(_account, { version, leaseMs }) {
      const found = at(version);
      if (!found || found.leaseUntil > Date.now()) return Promise.resolve(false);
      found.leaseUntil = Date.now() + leaseMs;
      return Promise.resolve(true);
    },
    save(_account, { version, sealed, state }) {
      if (!at(version)) return Promise.resolve(false);
      row = { sealed, state, version: version + 1, leaseUntil: 0 };
      return Promise.resolve(true);
    },
  };
}
