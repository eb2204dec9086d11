import {
  ActivityFailure,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { FragmentSessionInput, SessionKept } from '../core/flows/fragment-session.ts';
import { sessionCalls } from './lib/proxies.ts';
import { fragmentSessionState, sessionExpired } from './messages/fragment-session.ts';

/** How long until the session is looked at again when nobody says that it has ended. */
const pauses = { alive: '1 hour', login_required: '1 hour', unreachable: '1 minute' } as const;

const details: Readonly<Record<SessionKept, string>> = {
  alive: 'The session holds.',
  login_required: 'A person must log in: `holdfast fragment login`.',
  unreachable: 'Fragment cannot be asked; the session will be renewed when it can.',
};

/**
 * The keeper of a session: renews it when it has ended or grown old, once however many purchases wait for that. The
 * session stands in the database, so this may begin anew at any line.
 */
export async function fragmentSession(input: FragmentSessionInput): Promise<void> {
  let isTold = true;
  let kept: SessionKept | null = null;
  setHandler(sessionExpired, () => {
    isTold = true;
  });
  setHandler(fragmentSessionState, () => ({ kept }));

  while (!workflowInfo().continueAsNewSuggested) {
    isTold = false;
    kept = await keep(input);
    setCurrentDetails(details[kept]);
    await condition(() => isTold, pauses[kept]);
  }
  await continueAsNew<typeof fragmentSession>(input);
}

async function keep(input: FragmentSessionInput): Promise<SessionKept> {
  try {
    return await sessionCalls(input.provider).keepSession(input);
  } catch (error) {
    if (error instanceof ActivityFailure) return 'unreachable';
    throw error;
  }
}
