import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, copyFile, mkdir, open, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Blobs, type ByteRange, isBlobKey } from './blobs.ts';

/** Blobs as files: `<first two digits>/<key>`, written beside their place, flushed, and renamed into it. */
export function createFileBlobs(folder: string): Blobs {
  const pathOf = (key: string) => {
    if (!isBlobKey(key)) throw new Error('not the key of a blob');
    return join(folder, key.slice(0, 2), key);
  };

  async function keep(key: string, write: (temporary: string) => Promise<void>): Promise<string> {
    const path = pathOf(key);
    if (await refresh(path)) return key;
    await mkdir(dirname(path), { recursive: true });
    const temporary = `${path}.${randomUUID()}.part`;
    try {
      await write(temporary);
      await flush(temporary);
      await rename(temporary, path);
      await flush(dirname(path));
    } finally {
      await rm(temporary, { force: true });
    }
    return key;
  }

  return {
    put: (bytes) => keep(hashOf(bytes), (temporary) => writeFile(temporary, bytes)),
    async putFile(path) {
      const key = await keep(await hashOfFile(path), (temporary) => copyFile(path, temporary));
      await rm(path, { force: true });
      return key;
    },
    read: async (key) => orAbsent(readFile(pathOf(key))),
    size: async (key) => (await orAbsent(stat(pathOf(key))))?.size,
    stream: async (key, range) => openStream(pathOf(key), range),
    async remove(key, unusedForMs) {
      const found = await orAbsent(stat(pathOf(key)));
      if (found === undefined || Date.now() - found.mtimeMs < unusedForMs) return false;
      await rm(pathOf(key), { force: true });
      return true;
    },
  };
}

/** Marks a blob as stored just now; false when it is not there. */
async function refresh(path: string): Promise<boolean> {
  const now = new Date();
  return (await orAbsent(utimes(path, now, now).then(() => true))) ?? false;
}

async function openStream(path: string, range: ByteRange): Promise<Readable | undefined> {
  const there = await orAbsent(access(path).then(() => true));
  return there === true ? createReadStream(path, range) : undefined;
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function orAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
