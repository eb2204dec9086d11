import { allows, isRole, operatorRole } from '../../core/access.ts';
import type { Access } from '../../core/access.ts';
import type { Logins } from '../../db/logins.ts';
import type { Tokens } from '../auth/tokens.ts';
import type { ApiContext, Person } from '../context.ts';
import { Problem } from '../problem.ts';

export type Authenticate = (ctx: ApiContext, access: Access) => Promise<void>;

/**
 * Finds out who asks. The token says which login; whether that login and its person still stand is read from the
 * database with every request, so a ban or a lost role acts at once (A6).
 */
export function createAuthenticate(deps: { readonly tokens: Tokens; readonly logins: Logins }): Authenticate {
  return async (ctx, access) => {
    if (access === 'public') return;
    const person = await findPerson(deps, ctx.get('authorization'));
    ctx.state.person = person;
    if (allows(access, person.roles)) return;
    // What somebody may not see does not exist for them; an operator sees the panel, and is told who may do it.
    throw new Problem(operatorRole(person.roles) === null ? 'not_found' : 'role_not_enough');
  };
}

async function findPerson(deps: { tokens: Tokens; logins: Logins }, header: string): Promise<Person> {
  const token = /^Bearer ([\w.~+/=-]{1,4096})$/i.exec(header)?.[1];
  if (token === undefined) throw new Problem('token_required');
  const verdict = await deps.tokens.verify(token);
  if (!verdict.ok) throw new Problem(verdict.reason === 'expired' ? 'token_expired' : 'token_invalid');
  const { userId, loginId } = verdict.claims;
  const session = await deps.logins.session(loginId, userId);
  if (session === null || session.revoked) throw new Problem('token_invalid', { detail: 'The login has been closed.' });
  if (session.status === 'banned') throw new Problem('banned');
  return { id: userId, roles: session.roles.filter(isRole), loginId };
}
