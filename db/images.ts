import { sql } from 'slonik';
import { z } from 'zod';
import type { CommonQueryMethods } from './pool.ts';

/** A picture that a person uploaded, re-encoded and without metadata. */
export interface Image {
  readonly id: string;
  readonly userId: string;
  readonly blobKey: string;
  readonly mime: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly expiresAt: string;
}

export interface NewImage extends Omit<Image, 'expiresAt'> {
  readonly lifetimeHours: number;
  /** How many a person may keep; one more is not stored. */
  readonly imagesPerUserMax: number;
}

const imageRow = z.object({
  id: z.string(),
  userId: z.string(),
  blobKey: z.string(),
  mime: z.string(),
  width: z.number(),
  height: z.number(),
  bytes: z.number(),
  expiresAt: z.string(),
});
const countRow = z.object({ count: z.number() });
const keyRow = z.object({ blobKey: z.string() });

const columns = sql.fragment`id, user_id AS "userId", blob_key AS "blobKey", mime, width, height, bytes,
  expires_at AS "expiresAt"`;

export type Images = ReturnType<typeof createImages>;

/** Uploaded pictures. They live for a day; what expired is as good as gone even before it is swept. */
export function createImages(db: CommonQueryMethods) {
  return {
    /** Stores a picture's row; null when the person keeps too many. */
    insert(image: NewImage): Promise<Image | null> {
      return db.maybeOne(sql.prepared('image_insert', imageRow)`
        INSERT INTO app.image (id, user_id, blob_key, mime, width, height, bytes, expires_at)
        SELECT ${image.id}::uuid, ${image.userId}::uuid, ${image.blobKey}, ${image.mime}, ${image.width},
               ${image.height}, ${image.bytes}, now() + make_interval(hours => ${image.lifetimeHours})
        WHERE (SELECT count(*) FROM app.image WHERE user_id = ${image.userId} AND expires_at > now())
              < ${image.imagesPerUserMax}
        RETURNING ${columns}`);
    },

    /** How many pictures a person keeps now. */
    count(userId: string): Promise<number> {
      return db.oneFirst(sql.prepared('image_count', countRow)`SELECT count(*)::int AS count FROM app.image
        WHERE user_id = ${userId} AND expires_at > now()`);
    },

    /** A person's own pictures among these ids, in their order; those of others and expired ones are not there. */
    findOwned(userId: string, ids: readonly string[]): Promise<readonly Image[]> {
      return db.any(sql.prepared('image_owned', imageRow)`SELECT ${columns} FROM app.image
        WHERE user_id = ${userId} AND id = ANY(${sql.array([...ids], 'uuid')}) AND expires_at > now()
        ORDER BY array_position(${sql.array([...ids], 'uuid')}, id)`);
    },

    /** Pictures that an order names, for the work on it: an order taken in time may outlive them by a little. */
    list(ids: readonly string[]): Promise<readonly Image[]> {
      return db.any(sql.prepared('image_list', imageRow)`SELECT ${columns} FROM app.image
        WHERE id = ANY(${sql.array([...ids], 'uuid')}) ORDER BY array_position(${sql.array([...ids], 'uuid')}, id)`);
    },

    /**
     * Forgets pictures that expired more than an hour ago (an order may still be at work on them) and answers the blobs
     * that nothing refers to any more.
     */
    takeExpired(limit: number): Promise<readonly string[]> {
      return db.anyFirst(sql.prepared('image_expired', keyRow)`
        WITH due AS (
          SELECT id FROM app.image WHERE expires_at <= now() - interval '1 hour'
          ORDER BY expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
        ), gone AS (
          DELETE FROM app.image i USING due WHERE i.id = due.id RETURNING i.id, i.blob_key
        )
        SELECT DISTINCT blob_key AS "blobKey" FROM gone
        WHERE NOT EXISTS (
            SELECT 1 FROM app.image i WHERE i.blob_key = gone.blob_key AND i.id NOT IN (SELECT id FROM gone))
          AND NOT EXISTS (SELECT 1 FROM app.generation_result r WHERE r.blob_key = gone.blob_key)`);
    },
  };
}
