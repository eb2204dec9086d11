import { v7 as uuidv7 } from 'uuid';
import { demoRoles, demoUsers } from '../core/demo.ts';
import type { Users } from '../db/users.ts';

/** The people of embedded mode, with their roles, before they first log in. */
export async function ensureDemoUsers(users: Users): Promise<void> {
  for (const user of demoUsers) {
    const { firstName, lastName = null, username, language } = user;
    const person = { telegramId: BigInt(user.telegramId), firstName, lastName, username, language };
    const { id } = await users.meet(uuidv7(), person);
    await users.setRoles(id, demoRoles(user));
  }
}
