import { tabStore } from '../storage.ts';
import type { ApiResult } from './result.ts';
import { send } from './send.ts';
import type { LogIn, Refreshed } from './types.ts';

interface Tokens {
  readonly token: string;
  readonly expiresAt: string;
  readonly refreshToken: string;
}

/** Tokens of one launch. A tab may be opened again as somebody else: tokens of other init data are not used. */
interface Kept extends Tokens {
  readonly initData: string;
}

const early = 30_000;

/** Stays logged in: init data is exchanged once, then each refresh token once. */
export class Session {
  readonly #initData: string;
  #kept: Kept | undefined;
  #renewing: Promise<ApiResult<string>> | undefined;

  constructor(initData: string) {
    this.#initData = initData;
    const kept = tabStore.get<Kept>('session');
    this.#kept = kept?.initData === initData ? kept : undefined;
  }

  /** A token that is good for a while. Callers at one time share one exchange. */
  token(): Promise<ApiResult<string>> {
    const kept = this.#kept;
    if (kept !== undefined && Date.parse(kept.expiresAt) - early > Date.now()) {
      return Promise.resolve({ ok: true, value: kept.token });
    }
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  /** The server does not take this token any more, whatever its time says. */
  forget(token: string): void {
    if (this.#kept?.token === token) this.#keep({ ...this.#kept, expiresAt: new Date(0).toISOString() });
  }

  async #renew(): Promise<ApiResult<string>> {
    if (this.#kept !== undefined) {
      const { refreshToken } = this.#kept;
      const refreshed = await send<Refreshed>({ method: 'POST', path: '/auth/refresh', body: { refreshToken } });
      if (refreshed.ok) return this.#take(refreshed.value);
      if (refreshed.error.status !== 401) return refreshed;
      this.#kept = undefined;
    }
    const body = { initData: this.#initData };
    const entered = await send<LogIn>({ method: 'POST', path: '/auth/telegram', body });
    return entered.ok ? this.#take(entered.value) : entered;
  }

  #take({ token, expiresAt, refreshToken }: Tokens): ApiResult<string> {
    this.#keep({ token, expiresAt, refreshToken, initData: this.#initData });
    return { ok: true, value: token };
  }

  #keep(kept: Kept): void {
    this.#kept = kept;
    tabStore.set('session', kept);
  }
}
