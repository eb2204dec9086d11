import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { generationWorkflowId } from '../../core/flows/generation.ts';

/** Rows of orders, written as the API would, for tests of what the database does with them. */
export async function insertPerson(owner: pg.Pool): Promise<string> {
  const id = randomUUID();
  await owner.query('INSERT INTO app.users (id, telegram_id, first_name) VALUES ($1, $2, $3)', [
    id,
    Math.floor(Math.random() * 2 ** 48),
    'Anna',
  ]);
  return id;
}

export interface InsertedGeneration {
  readonly id: string;
  readonly workflowId: string;
  readonly holdKey: string;
}

/** A generation of `pictures` at `unitMinor` CREDIT each, just accepted. */
export async function insertGeneration(
  owner: pg.Pool,
  { person, unitMinor = 10n, pictures = 1 }: { person: string; unitMinor?: bigint; pictures?: number },
): Promise<InsertedGeneration> {
  const id = randomUUID();
  await owner.query(
    `INSERT INTO app.generation (id, user_id, request_hash, provider, model_id, catalogue_version, price_minor,
       unit_price_minor, price_asset, pictures, provider_model, provider_options, prompt_excerpt)
     VALUES ($1, $2, '', 'kie', 'model', 'v1', $3, $4, 'CREDIT', $5, 'model', '{}', 'a quiet lake')`,
    [id, person, unitMinor * BigInt(pictures), unitMinor, pictures],
  );
  const workflowId = generationWorkflowId(id);
  return { id, workflowId, holdKey: `${workflowId}/reserve` };
}

/** A top-up of 500.00 RUB for 100 CREDIT in a status. */
export async function insertTopup(
  owner: pg.Pool,
  { id = randomUUID(), person, status = 'awaiting_payment' }: { id?: string; person: string; status?: string },
): Promise<string> {
  await owner.query(
    `INSERT INTO app.topup (id, user_id, request_hash, status, pack_id, title, provider, catalogue_version, price_minor,
       price_asset, grants_minor, grants_asset)
     SELECT $1, $2, '', $3, 'credits-100', '100 credits', 'yookassa', 'v1', 50000, 'RUB', 100, 'CREDIT'`,
    [id, person, status],
  );
  return id;
}
