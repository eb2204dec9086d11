import { type DatabasePoolConnection, sql } from 'slonik';
import { z } from 'zod';
import type { Logger } from '../platform/logger.ts';
import { pause } from '../platform/pause.ts';
import type { DatabasePool } from './pool.ts';

/** Locks by name that all processes share, held by one connection; they end with it. */
export interface StreamLocks {
  /** Takes a lock if nobody has it, in this process or another. */
  tryTake(name: string): Promise<boolean>;
  release(name: string): Promise<void>;
  stop(): Promise<void>;
}

const lockedRow = z.object({ locked: z.boolean() });
const nothing = z.object({});
const reopenAfterMs = 500;

/**
 * Any number of session locks on one connection of a pool that serves nothing else: a handler that takes minutes then
 * holds a lock and no connection. When the connection breaks, its locks are free for other processes; what this one has
 * under way goes on, so an update may be handled twice then, as after a kill.
 */
export async function openStreamLocks(pool: DatabasePool, logger: Logger): Promise<StreamLocks> {
  const held = new Set<string>();
  const stopping = new AbortController();
  let connection: DatabasePoolConnection | undefined;
  let giveBack: (() => void) | undefined;
  const { promise: isOpen, resolve: opened } = Promise.withResolvers<void>();
  const ended = keepOpen();

  async function keepOpen(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await pool.connect(async (own) => {
          const { promise, resolve } = Promise.withResolvers<void>();
          held.clear();
          connection = own;
          giveBack = resolve;
          opened();
          if (!stopping.signal.aborted) await promise;
          connection = undefined;
          // Back in the pool the connection would keep them.
          await own.query(sql.unsafe`SELECT pg_advisory_unlock_all()`);
        });
      } catch (error) {
        connection = undefined;
        if (stopping.signal.aborted) return;
        logger.warn({ err: error }, 'the connection of the stream locks is lost; opening another');
        await pause(reopenAfterMs, stopping.signal);
      }
    }
  }

  await isOpen;
  return {
    async tryTake(name) {
      if (connection === undefined || held.has(name)) return false;
      held.add(name);
      try {
        const locked = await connection.oneFirst(sql.prepared('stream_lock', lockedRow)`
          SELECT pg_try_advisory_lock(hashtextextended(${name}, 0)) AS locked`);
        if (!locked) held.delete(name);
        return locked;
      } catch (error) {
        held.delete(name);
        giveBack?.();
        throw error;
      }
    },
    async release(name) {
      try {
        await connection?.query(sql.prepared('stream_unlock', nothing)`
          SELECT pg_advisory_unlock(hashtextextended(${name}, 0))`);
      } finally {
        held.delete(name);
      }
    },
    async stop() {
      stopping.abort();
      giveBack?.();
      await ended;
    },
  };
}
