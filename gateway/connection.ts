import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { TemporalConfig } from '../platform/config.ts';

/** Where workers and clients find the converter that refuses what would not come back as it went. */
export const payloadConverterPath = fileURLToPath(new URL('./payload-converter.ts', import.meta.url));

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
  const connection = Connection.lazy(connectionOptions(config));
  const client = new Client({
    connection,
    namespace: config.namespace,
    dataConverter: { payloadConverterPath },
  });
  return { client, connection, close: () => connection.close() };
}
