import type { Client } from '@temporalio/client';
import {
  fragmentSession,
  type FragmentSessionInput,
  fragmentSessionWorkflowId,
} from '../core/flows/fragment-session.ts';
import { flowsQueue } from '../core/queues.ts';
import type { FragmentSessions } from '../db/fragment-sessions.ts';
import { type FragmentSessionWorkflow, sessionExpired } from '../workflows/messages/fragment-session.ts';
import type { Ask } from './ask.ts';

/** The keepers of our sessions at providers. */
export interface SessionCommands {
  /** Wakes the keepers of sessions that have ended, and the first time each keeper; answers how many. */
  wakeSessionKeepers(): Promise<number>;
}

export interface SessionCommandsDeps {
  readonly client: Client;
  readonly ask: Ask;
  readonly fragmentSessions: Pick<FragmentSessions, 'takeExpired'>;
}

/** The part of the gateway that speaks of sessions. */
export function createSessionCommands({ client, ask, fragmentSessions }: SessionCommandsDeps): SessionCommands {
  let hasBegun = false;
  return {
    async wakeSessionKeepers() {
      const expired = (await fragmentSessions.takeExpired()).map((account) => ({ ...fragmentSession, account }));
      const inputs = hasBegun || expired.length > 0 ? expired : [fragmentSession];
      for (const input of inputs) await ask(() => wakeKeeper(client, input));
      hasBegun = true;
      return inputs.length;
    },
  };
}

/** Starts the keeper of a session, or tells the one that runs to look. */
async function wakeKeeper(client: Client, input: FragmentSessionInput): Promise<void> {
  await client.workflow.signalWithStart<FragmentSessionWorkflow>('fragmentSession', {
    taskQueue: flowsQueue,
    workflowId: fragmentSessionWorkflowId(input),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [input],
    signal: sessionExpired,
  });
}
