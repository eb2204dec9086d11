import { sql } from 'slonik';
import { z } from 'zod';
import type { DatabasePool } from '../../db/pool.ts';

const leak = z.object({ what: z.string() });

/**
 * What the connections of a pool carry from one user to the next: settings made outside `SET LOCAL`, advisory locks,
 * temporary tables, channels, an open transaction. Looks at `size` connections at once, so every one of them.
 */
export async function leakedState(pool: DatabasePool, size: number): Promise<readonly string[]> {
  let arrived = 0;
  let open: () => void = () => undefined;
  const everyone = new Promise<void>((resolve) => (open = resolve));
  const looks = Array.from({ length: size }, () =>
    pool.connect(async (connection) => {
      arrived += 1;
      if (arrived === size) open();
      await everyone;
      return connection.any(sql.type(leak)`
        SELECT format('setting %s = %s', name, setting) AS what FROM pg_settings
        WHERE source = 'session' AND name <> 'application_name'
        UNION ALL SELECT 'an advisory lock' FROM pg_locks
        WHERE locktype = 'advisory' AND pid = pg_backend_pid()
        UNION ALL SELECT 'temporary table ' || relname FROM pg_class
        WHERE relpersistence = 't' AND relnamespace = pg_my_temp_schema()
        UNION ALL SELECT 'listening to ' || channel FROM pg_listening_channels() AS channel
        UNION ALL SELECT 'an open cursor ' || name FROM pg_cursors WHERE is_holdable`);
    }),
  );
  return (await Promise.all(looks)).flat().map((row) => row.what);
}
