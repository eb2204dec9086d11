import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { TemporalConfig } from '../platform/config.ts';

/** Where workers and clients find the converter that refuses what would not come back as it went. */
export const payloadConverterPath = fileURLToPath(new URL('./payload-converter.ts', import.meta.url));

/** How long a server that is away is waited for; callers have shorter deadlines of their own. */
const connectTimeout = '3s';

export interface TemporalClient {
  readonly client: Client;
  readonly connection: Connection;
  close(): Promise<void>;
}

/** Address, TLS and keys: ours where we have them, else Temporal's own configuration (envconfig). */
export function connectionOptions(config: TemporalConfig) {
  const { connectionOptions: found } = loadClientConnectConfig();
  return { ...found, ...(config.address === undefined ? {} : { address: config.address }) };
}

/**
 * A client of Temporal. It connects lazily, so that a process starts, and answers what needs no saga, while Temporal is
 * away. Address and namespace from our configuration; TLS, API key and profiles from Temporal's own (envconfig).
 */
export function openTemporalClient(config: TemporalConfig): TemporalClient {
  const connection = Connection.lazy({ ...connectionOptions(config), connectTimeout });
  const client = new Client({
    connection,
    namespace: config.namespace,
    dataConverter: { payloadConverterPath },
  });
  return { client, connection, close: () => closeConnection(connection) };
}

/** The SDK goes on connecting on its own timer; a channel closed under it would throw where nobody can catch it. */
async function closeConnection(connection: Connection): Promise<void> {
  await connection.ensureConnected().catch((error: unknown) => error);
  await connection.close();
}
