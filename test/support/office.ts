import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Role } from '../../core/access.ts';
import type { TestApi } from './api.ts';

export interface NewTestCase {
  readonly kind?: string;
  readonly workflowId?: string;
  readonly userId?: string;
  readonly evidence?: object;
}

/** Operators and their cases over an API under test. */
export interface Office {
  readonly owner: pg.Pool;
  setRoles(userId: string, roles: readonly Role[]): Promise<void>;
  /** Logs a demo person in and gives them this role alone. */
  employ(name: string, role: Role): Promise<{ token: string; userId: string }>;
  openCase(wanted?: NewTestCase): Promise<string>;
  close(): Promise<void>;
}

export async function openOffice(api: TestApi): Promise<Office> {
  const owner = new pg.Pool({ connectionString: api.database.ownerUrl, max: 2, application_name: 'office' });
  await owner.query('SELECT 1');
  const office: Office = {
    owner,
    async setRoles(userId, roles) {
      await owner.query('UPDATE app.users SET roles = $2 WHERE id = $1', [userId, roles]);
    },
    async employ(name, role) {
      const { token, userId } = await api.logIn(name);
      await office.setRoles(userId, [role]);
      return { token, userId };
    },
    async openCase({ kind = 'provider_account', workflowId, userId, evidence = { provider: 'kie' } } = {}) {
      const { rows } = await owner.query<{ id: string }>(
        `INSERT INTO app.attention (key, kind, workflow_id, user_id, evidence)
         VALUES ($1, $2, $3, $4, $5) RETURNING id`,
        [randomUUID(), kind, workflowId ?? null, userId ?? null, JSON.stringify(evidence)],
      );
      return String(rows[0]?.id);
    },
    close: () => owner.end(),
  };
  return office;
}
