import { actOf, operatorRole } from '../../core/access.ts';
import type { Contract } from '../../core/http/contract.ts';
import type { OperatorActions } from '../../db/operator-actions.ts';
import { keepInTrail } from '../../gateway/operator-trail.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../problem.ts';

interface Recorded {
  readonly contract: Contract;
  readonly onWhat: string;
  readonly body: unknown;
}

/** Runs an act of an operator between the two halves of its line in the trail. */
export type Trail = <T extends { readonly body: unknown }>(
  ctx: ApiContext,
  recorded: Recorded,
  act: () => Promise<T>,
) => Promise<T>;

/**
 * One line for each change that an operator asks for, without any route being listed: whatever is not a GET and asks
 * for an operator. The line is there before the act, which is not done when it cannot be written; its answer follows.
 */
export function createTrail(actions: Pick<OperatorActions, 'begin' | 'finish'>): Trail {
  return async (ctx, { contract, onWhat, body }, act) => {
    const { person, requestId } = ctx.state;
    const role = operatorRole(person?.roles ?? []);
    if (actOf(contract.access) === null || contract.method === 'get' || person === undefined || role === null) {
      return act();
    }
    const { reason = null, ...asked } = body as { reason?: string } & Record<string, unknown>;
    const line = { operatorId: person.id, role, what: contract.name, onWhat, asked, reason, requestId };
    return keepInTrail(
      { actions, logger: ctx.state.logger },
      { line, run: act, answerOf: ({ body: answer }) => outcomeOf(answer), refusalOf },
    );
  };
}

/** An error that nobody expected leaves the outcome open, which is what the line then says. */
function refusalOf(error: unknown): string | undefined {
  return error instanceof Problem && error.code !== 'temporarily_unavailable' ? error.code : undefined;
}

function outcomeOf(body: unknown): string {
  const outcome = typeof body === 'object' && body !== null && 'outcome' in body ? body.outcome : undefined;
  return typeof outcome === 'string' ? outcome : 'done';
}
