import { resolve } from 'node:path';
import type { Environment } from './config-schema.ts';
import { Secret } from './secret.ts';

export type BlobsConfig =
  | { readonly kind: 'files'; readonly folder: string }
  | {
      readonly kind: 's3';
      readonly endpoint: string;
      readonly bucket: string;
      readonly region: string;
      readonly accessKey: Secret;
      readonly secretKey: Secret;
    };

/** Where files are kept: a bucket where one is named, else a folder of the home. */
export function buildBlobs(values: Environment, home: string): BlobsConfig {
  const { BLOB_S3_ENDPOINT: endpoint, BLOB_S3_BUCKET: bucket } = values;
  if (endpoint === undefined || bucket === undefined) return { kind: 'files', folder: resolve(home, 'blobs') };
  return {
    kind: 's3',
    endpoint,
    bucket,
    region: values.BLOB_S3_REGION,
    accessKey: new Secret(values.BLOB_S3_ACCESS_KEY ?? ''),
    secretKey: new Secret(values.BLOB_S3_SECRET_KEY ?? ''),
  };
}
