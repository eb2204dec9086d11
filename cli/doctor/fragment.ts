import { fragmentSession } from '../../core/flows/fragment-session.ts';
import { createFragmentSessions } from '../../db/fragment-sessions.ts';
import { openPool } from '../../db/pool.ts';
import type { Config } from '../../platform/config.ts';
import { createLogger } from '../../platform/logger.ts';
import { failure, type Finding, ok, reasonOf, warning } from './finding.ts';

const name = 'fragment';

/** Whether our log-in at who sells Stars lives, as the database has it. Nothing is asked over the network. */
export async function checkFragment({ database, fragment }: Config): Promise<Finding> {
  const logger = createLogger({ name: 'doctor', level: 'silent', pretty: false });
  const kind = fragment.simulated ? 'simulated, because no wallet is set' : 'real';
  try {
    const url = database.url.reveal();
    const pool = await openPool({ url, size: 1, applicationName: 'holdfast-doctor', logger, checkRows: false });
    try {
      return judge(kind, fragment.simulated, await createFragmentSessions(pool).condition(fragmentSession.account));
    } finally {
      await pool.end();
    }
  } catch (error) {
    return failure(name, `its session cannot be read: ${reasonOf(error)}`, 'mend the database first');
  }
}

type Condition = Awaited<ReturnType<ReturnType<typeof createFragmentSessions>['condition']>>;

function judge(kind: string, simulated: boolean, condition: Condition): Finding {
  const advice = 'run `holdfast fragment login`';
  switch (condition?.state) {
    case undefined:
      return simulated
        ? ok(name, `${kind}; logs in by itself`)
        : warning(name, `${kind}; nobody has logged in`, advice);
    case 'alive':
      return ok(name, `${kind}; the session lives, renewed ${condition?.renewedAt ?? 'never'}`);
    case 'expired':
      return ok(name, `${kind}; the session is being renewed`);
    case 'login_required':
      return failure(name, `${kind}; the log-in has ended`, advice);
  }
}
