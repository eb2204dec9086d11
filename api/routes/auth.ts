import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { isRole } from '../../core/access.ts';
import { logIn, refresh } from '../../core/http/auth.ts';
import type { user } from '../../core/http/auth.ts';
import type { Logins, RefreshRefusal } from '../../db/logins.ts';
import type { Profile } from '../../db/profiles.ts';
import type { Users } from '../../db/users.ts';
import { type InitDataRefusal, type InitDataUser, verifyInitData } from '../../platform/init-data.ts';
import type { ApiMetrics } from '../../platform/telemetry/api-metrics.ts';
import type { Tokens } from '../auth/tokens.ts';
import { Problem } from '../problem.ts';
import { type Route, route } from '../route.ts';

export interface AuthDeps {
  readonly users: Users;
  readonly logins: Logins;
  readonly tokens: Tokens;
  readonly botToken: string;
  readonly metrics: ApiMetrics;
  readonly now: () => Date;
}

const initDataDetails: Readonly<Record<InitDataRefusal, string>> = {
  malformed: 'It is not what Telegram gives.',
  wrong_hash: 'Its hash does not hold for this bot.',
  expired: 'Open the app again.',
  from_the_future: 'It was made in the future; look at the clocks.',
  no_user: 'It names no person.',
};

const refreshProblems = {
  unknown: 'refresh_token_invalid',
  revoked: 'refresh_token_invalid',
  expired: 'refresh_token_expired',
  reused: 'refresh_token_reused',
} as const satisfies Readonly<Record<RefreshRefusal, string>>;

/** Logging in by the Mini App's init data, and staying logged in. */
export function authRoutes(deps: AuthDeps): Route[] {
  const { users, logins, tokens } = deps;
  return [
    route(logIn, async ({ body }) => {
      const from = proveInitData(deps, body.initData);
      const person = await users.meet(uuidv7(), {
        telegramId: BigInt(from.id),
        firstName: from.firstName,
        lastName: from.lastName,
        username: from.username,
        language: from.languageCode?.toLowerCase().startsWith('ru') === true ? 'ru' : 'en',
      });
      if (person.status === 'banned') throw new Problem('banned');
      const loginId = uuidv7();
      const first = tokens.newRefreshToken();
      await logins.open({ id: loginId, userId: person.id, tokenHash: first.hash });
      const access = await tokens.issue({ userId: person.id, loginId });
      return { body: { ...access, refreshToken: first.token, user: showUser(person, person.roles) } };
    }),

    route(refresh, async ({ body }) => {
      const successor = tokens.successorOf(body.refreshToken);
      const used = await logins.refresh(tokens.hashOf(body.refreshToken), successor.hash);
      if (used.outcome !== 'refreshed') throw new Problem(refreshProblems[used.outcome]);
      if (used.banned) throw new Problem('banned');
      const access = await tokens.issue({ userId: used.userId, loginId: used.loginId });
      return { body: { ...access, refreshToken: successor.token } };
    }),
  ];
}

/** A person as answers show them. */
export function showUser(
  profile: Omit<Profile, 'telegramId'> & { readonly telegramId: number | bigint },
  roles: readonly string[],
): z.input<typeof user> {
  const { id, telegramId, firstName, username, language } = profile;
  return { id, telegramId: Number(telegramId), firstName, username, language, roles: roles.filter(isRole) };
}

function proveInitData(deps: AuthDeps, text: string): InitDataUser {
  const verdict = verifyInitData(text, deps.botToken, deps.now());
  if (verdict.ok) return verdict.initData.user;
  deps.metrics.initDataRefusals.inc({ reason: verdict.reason });
  const code = verdict.reason === 'expired' ? 'init_data_expired' : 'init_data_invalid';
  throw new Problem(code, { detail: initDataDetails[verdict.reason] });
}
