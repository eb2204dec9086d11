import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { createImages, type Images } from '../../db/images.ts';
import { type DatabasePool, openPool } from '../../db/pool.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { silent } from '../support/log.ts';
import { insertPerson } from '../support/orders.ts';

describe('uploaded pictures that have expired', () => {
  let database: TestDatabase;
  let owner: pg.Pool;
  let pool: DatabasePool;
  let images: Images;
  let userId: string;

  before(async () => {
    database = await createTestDatabase();
    owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });
    pool = await openPool({ url: database.url, size: 2, applicationName: 'test', logger: silent, checkRows: true });
    images = createImages(pool);
    userId = await insertPerson(owner);
  });

  after(async () => {
    await pool.end();
    await owner.end();
    await database.drop();
  });

  async function keep(blobKey: string, ageHours: number): Promise<string> {
    const image = { id: randomUUID(), userId, blobKey, mime: 'image/png', width: 1, height: 1, bytes: 1 };
    await images.insert({ ...image, lifetimeHours: 24, imagesPerUserMax: 40 });
    await owner.query(`UPDATE app.image SET expires_at = expires_at - make_interval(hours => $2) WHERE id = $1`, [
      image.id,
      ageHours,
    ]);
    return image.id;
  }

  it('cannot be ordered with any more, while work on them may go on for an hour', async () => {
    const id = await keep('a'.repeat(64), 24);
    assert.deepEqual(await images.findOwned(userId, [id]), []);
    assert.equal((await images.list([id])).length, 1);
    assert.deepEqual(await images.takeExpired(10), []);
  });

  it('are forgotten, and their blobs named, unless another picture has the same', async () => {
    const [alone, shared] = ['b'.repeat(64), 'c'.repeat(64)];
    const gone = [await keep(alone, 26), await keep(shared, 26)];
    await keep(shared, 0);
    assert.deepEqual(await images.takeExpired(10), [alone]);
    assert.deepEqual(await images.list(gone), []);
    assert.equal(await images.count(userId), 1);
  });

  it('of two expired with the same blob, both go and the blob is named once', async () => {
    const same = 'd'.repeat(64);
    await keep(same, 26);
    await keep(same, 26);
    assert.deepEqual(await images.takeExpired(10), [same]);
  });
});
