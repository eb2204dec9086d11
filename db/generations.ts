import { sql } from 'slonik';
import { z } from 'zod';
import type { Asset } from '../core/assets.ts';
import {
  type GenerationFailure,
  type GenerationStatus,
  type GenerationView,
  isGenerationWaiting,
} from '../core/flows/generation.ts';
import { limits } from '../core/limits.ts';
import type { CommonQueryMethods } from './pool.ts';
import type { Inserted, PlacedRequest } from './topups.ts';

/** A generation as it stands: the projection that API, bot and screens read. The prompt is in its own table. */
export interface Generation {
  readonly id: string;
  readonly userId: string;
  readonly status: GenerationStatus;
  readonly provider: string;
  readonly modelId: string;
  readonly catalogueVersion: string;
  readonly priceMinor: bigint;
  readonly unitPriceMinor: bigint;
  readonly priceAsset: Asset;
  readonly pictures: number;
  readonly providerModel: string;
  readonly providerOptions: Readonly<Record<string, string | number | boolean>>;
  readonly imageField: string | null;
  readonly imageIds: readonly string[];
  readonly promptExcerpt: string;
  readonly progress: number | null;
  readonly capturedMinor: bigint | null;
  readonly failureCode: GenerationFailure | null;
  readonly failureDetail: string | null;
  readonly createdAt: string;
}

export interface NewGeneration extends Omit<
  Generation,
  'status' | 'progress' | 'capturedMinor' | 'failureCode' | 'failureDetail' | 'createdAt'
> {
  readonly prompt: string;
  readonly requestHash: Buffer;
}

/** A picture that stands in our store. `late`: it came after the order had failed, and cost nothing. */
export interface GenerationResult {
  readonly position: number;
  readonly blobKey: string;
  readonly mime: string;
  readonly bytes: number;
  readonly late: boolean;
}

const generationRow = z.object({
  id: z.string(),
  userId: z.string(),
  status: z.string(),
  provider: z.string(),
  modelId: z.string(),
  catalogueVersion: z.string(),
  priceMinor: z.bigint(),
  unitPriceMinor: z.bigint(),
  priceAsset: z.string(),
  pictures: z.number(),
  providerModel: z.string(),
  providerOptions: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  imageField: z.string().nullable(),
  imageIds: z.array(z.string()),
  promptExcerpt: z.string(),
  progress: z.number().nullable(),
  capturedMinor: z.bigint().nullable(),
  failureCode: z.string().nullable(),
  failureDetail: z.string().nullable(),
  createdAt: z.string(),
}) as unknown as z.ZodType<Generation>;

const resultRow = z.object({
  position: z.number(),
  blobKey: z.string(),
  mime: z.string(),
  bytes: z.number(),
  late: z.boolean(),
});

const hasLatePictures = sql.fragment`EXISTS (
  SELECT FROM app.generation_result r WHERE r.generation_id = generation.id AND r.late)`;

/** Each in the words of its partial index, so that the few are not sought among the many. */
const viewConditions = {
  all: sql.fragment`true`,
  ready: sql.fragment`(status = 'succeeded' OR status = 'failed' AND ${hasLatePictures})`,
  working: sql.fragment`status IN ('accepted', 'reserved', 'submitted', 'running', 'needs_attention')`,
  not_made: sql.fragment`status IN ('refused', 'failed', 'canceled') AND NOT ${hasLatePictures}`,
} as const;

const positionRow = z.object({ position: z.number() });

const columns = sql.fragment`id, user_id AS "userId", status, provider, model_id AS "modelId",
  catalogue_version AS "catalogueVersion", price_minor AS "priceMinor", unit_price_minor AS "unitPriceMinor",
  price_asset AS "priceAsset", pictures, provider_model AS "providerModel", provider_options AS "providerOptions",
  image_field AS "imageField", image_ids AS "imageIds", prompt_excerpt AS "promptExcerpt", progress,
  captured_minor AS "capturedMinor", failure_code AS "failureCode", failure_detail AS "failureDetail",
  created_at AS "createdAt"`;

export type Generations = ReturnType<typeof createGenerations>;

/** The rows of generations. Moves that touch money stand in `db/flows/generation.sql`. */
export function createGenerations(db: CommonQueryMethods) {
  async function get(id: string): Promise<Generation | null> {
    return db.maybeOne(
      sql.prepared('generation_get', generationRow)`SELECT ${columns} FROM app.generation WHERE id = ${id}`,
    );
  }

  async function findRequest(request: PlacedRequest): Promise<Generation | null> {
    return db.maybeOne(sql.prepared('generation_replay', generationRow)`
      SELECT ${columns} FROM app.generation
      WHERE id = ${request.id} AND user_id = ${request.userId} AND request_hash = ${sql.binary(request.requestHash)}`);
  }

  return {
    get,
    /** The order that this very request has made before; null for another person's or another request's. */
    findRequest,

    /** A person's own generation; null for another's. */
    async find(id: string, userId: string): Promise<Generation | null> {
      const generation = await get(id);
      return generation?.userId === userId ? generation : null;
    },

    /** Births an order and its prompt under the client's key, in one statement. */
    async insert(order: NewGeneration): Promise<Inserted<Generation>> {
      const inserted = await db.maybeOne(insertQuery(order));
      if (inserted) return { outcome: 'inserted', row: inserted };
      const earlier = await findRequest(order);
      return earlier ? { outcome: 'replay', row: earlier } : { outcome: 'key_conflict' };
    },

    /** A person's generations, newest first, of one state or all; `before` is the last one of the page before. */
    async list(page: {
      userId: string;
      limit: number;
      state?: GenerationView;
      before?: { createdAt: string; id: string };
    }): Promise<readonly Generation[]> {
      const { userId, limit, before, state = 'all' } = page;
      return db.any(sql.prepared(`generation_list_${state}`, generationRow)`SELECT ${columns} FROM app.generation
        WHERE user_id = ${userId} AND ${viewConditions[state]}
          AND (created_at, id) < (coalesce(${before?.createdAt ?? null}::timestamptz, 'infinity'),
                                  coalesce(${before?.id ?? null}::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
        ORDER BY created_at DESC, id DESC LIMIT ${limit}`);
    },

    /** A person's generations that are not over, newest first. */
    listOpen(userId: string, limit: number): Promise<readonly Generation[]> {
      return db.any(sql.prepared('generation_open', generationRow)`SELECT ${columns} FROM app.generation
        WHERE user_id = ${userId} AND status IN ('accepted', 'reserved', 'submitted', 'running', 'needs_attention')
        ORDER BY created_at DESC, id DESC LIMIT ${limit}`);
    },

    /**
     * The place of an order among those of its model that nobody draws yet, from 1 and counted up to
     * `limits.queuePositionMax`; null when it waits for nothing any more.
     */
    async queuePosition(order: Pick<Generation, 'id' | 'status' | 'modelId' | 'createdAt'>): Promise<number | null> {
      if (!isGenerationWaiting(order.status)) return null;
      return db.oneFirst(sql.prepared('generation_position', positionRow)`
        SELECT count(*)::int + 1 AS position FROM (
          SELECT FROM app.generation
          WHERE model_id = ${order.modelId} AND status IN ('accepted', 'reserved', 'submitted')
            AND (created_at, id) < (${order.createdAt}::timestamptz, ${order.id}::uuid)
          LIMIT ${limits.queuePositionMax - 1}) ahead`);
    },

    results(id: string): Promise<readonly GenerationResult[]> {
      return db.any(sql.prepared('generation_results', resultRow)`
        SELECT position, blob_key AS "blobKey", mime, bytes, late FROM app.generation_result
        WHERE generation_id = ${id} ORDER BY position`);
    },

    prompt(id: string): Promise<string> {
      return db.oneFirst(sql.prepared('generation_prompt', z.object({ prompt: z.string() }))`
        SELECT prompt FROM app.generation_prompt WHERE generation_id = ${id}`);
    },

    /** How far the provider is, in percent; open screens are shown it. Nothing changes once the order is over. */
    async setProgress(id: string, percent: number): Promise<void> {
      await db.query(sql.prepared('generation_progress', z.object({}))`
        SELECT app.generation_progress(${id}::uuid, ${percent}::int)`);
    },

    /**
     * Orders that no workflow has taken up for a while, for the pump. What a person has to look at cannot be started,
     * and must not stand in the way of the others.
     */
    listAccepted(olderThanMs: number, limit: number): Promise<readonly Generation[]> {
      return db.any(sql.prepared('generation_accepted', generationRow)`SELECT ${columns} FROM app.generation waiting
        WHERE status = 'accepted' AND created_at < now() - make_interval(secs => ${olderThanMs / 1000})
          AND NOT EXISTS (SELECT 1 FROM app.attention a
                          WHERE a.workflow_id = 'generation/' || waiting.id AND a.closed_at IS NULL)
        ORDER BY created_at LIMIT ${limit}`);
    },
  };
}

function insertQuery(order: NewGeneration) {
  return sql.prepared('generation_insert', generationRow)`
    WITH born AS (
      INSERT INTO app.generation (id, user_id, request_hash, provider, model_id, catalogue_version, price_minor,
        unit_price_minor, price_asset, pictures, provider_model, provider_options, image_field, image_ids,
        prompt_excerpt)
      VALUES (${order.id}, ${order.userId}, ${sql.binary(order.requestHash)}, ${order.provider}, ${order.modelId},
        ${order.catalogueVersion}, ${order.priceMinor}, ${order.unitPriceMinor}, ${order.priceAsset}, ${order.pictures},
        ${order.providerModel}, ${JSON.stringify(order.providerOptions)}::jsonb, ${order.imageField},
        ${sql.array([...order.imageIds], 'uuid')}, ${order.promptExcerpt})
      ON CONFLICT (id) DO NOTHING RETURNING *
    ), prompt AS (
      INSERT INTO app.generation_prompt (generation_id, prompt) SELECT id, ${order.prompt} FROM born
    )
    SELECT ${columns} FROM born`;
}
