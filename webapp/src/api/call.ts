import type { ApiResult } from './result.ts';
import { type Call, send } from './send.ts';
import type { Session } from './session.ts';

/** Calls with the session's token; one that has ended on the way is renewed once. */
export function createCaller(session: Session) {
  async function call<T>(wanted: Call): Promise<ApiResult<T>> {
    for (let attempt = 1; ; attempt += 1) {
      const token = await session.token();
      if (!token.ok) return token;
      const answer = await send<T>({ ...wanted, token: token.value });
      const isOld = !answer.ok && (answer.error.code === 'token_expired' || answer.error.code === 'token_invalid');
      if (!isOld || attempt === 2) return answer;
      session.forget(token.value);
    }
  }
  return {
    call,
    get: <T>(path: string): Promise<ApiResult<T>> => call<T>({ method: 'GET', path }),
    post: <T>(path: string, body?: unknown, key?: string): Promise<ApiResult<T>> =>
      call<T>({ method: 'POST', path, body, ...(key === undefined ? {} : { key }) }),
  };
}
