import { sql } from 'slonik';
import { z } from 'zod';
import { starItemKinds } from '../core/flows/star-purchase.ts';
import type { CommonQueryMethods } from './pool.ts';

const generationBody = z.object({
  modelId: z.string().nullable(),
  prompt: z.string().nullable(),
  imageIds: z.array(z.string()),
  ratio: z.string().nullable(),
  /** The price that the person has been shown, in minor units; null before there is one. */
  shownMinor: z.string().nullable(),
});
const topupBody = z.object({ packId: z.string(), provider: z.string(), shownMinor: z.string() });

const starBody = z.object({
  /** What is bought; null before it has been chosen, as `quantity`. */
  kind: z.enum(starItemKinds).nullable(),
  quantity: z.number().nullable(),
  /** A username without @. */
  recipient: z.string().nullable(),
  showSender: z.boolean(),
  /** The price that the person has been shown; null before there is one. */
  quoteId: z.string().nullable(),
  /** Begun by the command that names Fragment, whose answer names it too. */
  namesFragment: z.boolean().default(false),
});

export type GenerationDraft = z.infer<typeof generationBody>;
export type TopupDraft = z.infer<typeof topupBody>;
export type StarDraft = z.infer<typeof starBody>;

const generationRow = z.object({ id: z.string(), body: generationBody, isFresh: z.boolean() });
const topupRow = z.object({ id: z.string(), body: topupBody, isFresh: z.boolean() });
const starRow = z.object({ id: z.string(), body: starBody });
const nothing = z.object({});

/** Each new proposal takes a few forgotten ones away, whosever they are: a proposal is of use for half an hour. */
const removeOld = sql.fragment`DELETE FROM app.bot_draft WHERE id IN (
  SELECT id FROM app.bot_draft WHERE updated_at < now() - interval '1 day'
  ORDER BY updated_at LIMIT 10 FOR UPDATE SKIP LOCKED)`;

export type BotDrafts = ReturnType<typeof createBotDrafts>;

/**
 * Purchases that the bot proposes, each under the id that its order will have. A draft that changes gets another id, so
 * what a button orders is exactly what was shown beside it.
 */
export function createBotDrafts(db: CommonQueryMethods) {
  return {
    async addTopup(draft: { id: string; userId: string; body: TopupDraft }): Promise<void> {
      await db.query(sql.prepared('bot_draft_topup_add', nothing)`
        WITH old AS (${removeOld})
        INSERT INTO app.bot_draft (id, user_id, kind, body)
        VALUES (${draft.id}, ${draft.userId}, 'topup', ${JSON.stringify(draft.body)}::jsonb)`);
    },

    /** A person's own proposal of a pack; `isFresh`: not older than half an hour. */
    findTopup(id: string, userId: string) {
      return db.maybeOne(sql.prepared('bot_draft_topup', topupRow)`
        SELECT id, body, updated_at > now() - interval '30 minutes' AS "isFresh" FROM app.bot_draft
        WHERE id = ${id} AND user_id = ${userId} AND kind = 'topup'`);
    },

    findGeneration(id: string, userId: string) {
      return db.maybeOne(sql.prepared('bot_draft_generation', generationRow)`
        SELECT id, body, updated_at > now() - interval '30 minutes' AS "isFresh" FROM app.bot_draft
        WHERE id = ${id} AND user_id = ${userId} AND kind = 'generation'`);
    },

    /** Writes a generation's draft under a new id; the one under `before`, which no order has taken, is gone. */
    async saveGeneration(draft: { id: string; before?: string; userId: string; body: GenerationDraft }): Promise<void> {
      await db.query(sql.prepared('bot_draft_generation_save', nothing)`
        WITH earlier AS (
          DELETE FROM app.bot_draft d WHERE id = ${draft.before ?? null}::uuid AND user_id = ${draft.userId}
            AND NOT EXISTS (SELECT 1 FROM app.generation g WHERE g.id = d.id)
        ), old AS (${removeOld})
        INSERT INTO app.bot_draft (id, user_id, kind, body)
        VALUES (${draft.id}, ${draft.userId}, 'generation', ${JSON.stringify(draft.body)}::jsonb)`);
    },

    /** A person's own proposal of Stars or Premium; its quote tells how long the price stands. */
    findStars(id: string, userId: string) {
      return db.maybeOne(sql.prepared('bot_draft_stars', starRow)`
        SELECT id, body FROM app.bot_draft WHERE id = ${id} AND user_id = ${userId} AND kind = 'stars'`);
    },

    /** The last proposal of Stars that a person has made within an hour; null where it has been bought. */
    latestStars(userId: string) {
      return db.maybeOne(sql.prepared('bot_draft_stars_latest', starRow)`
        SELECT id, body FROM (
          SELECT id, body FROM app.bot_draft
          WHERE user_id = ${userId} AND kind = 'stars' AND updated_at > now() - interval '1 hour'
          ORDER BY updated_at DESC LIMIT 1
        ) latest WHERE NOT EXISTS (SELECT 1 FROM app.star_purchase p WHERE p.id = latest.id)`);
    },

    /** Writes a proposal of Stars under a new id; the one under `before`, which no order has taken, is gone. */
    async saveStars(draft: { id: string; before?: string; userId: string; body: StarDraft }): Promise<void> {
      await db.query(sql.prepared('bot_draft_stars_save', nothing)`
        WITH earlier AS (
          DELETE FROM app.bot_draft d WHERE id = ${draft.before ?? null}::uuid AND user_id = ${draft.userId}
            AND NOT EXISTS (SELECT 1 FROM app.star_purchase p WHERE p.id = d.id)
        ), old AS (${removeOld})
        INSERT INTO app.bot_draft (id, user_id, kind, body)
        VALUES (${draft.id}, ${draft.userId}, 'stars', ${JSON.stringify(draft.body)}::jsonb)`);
    },
  };
}
