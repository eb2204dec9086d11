import { createBucketBlobs } from './blob-bucket.ts';
import { createFileBlobs } from './blob-files.ts';
import type { Blobs } from './blobs.ts';
import type { BlobsConfig } from './config.ts';

/** The store of the configuration: a folder of this machine, or a bucket of an S3-compatible service. */
export function createBlobs(config: BlobsConfig): Blobs {
  return config.kind === 'files' ? createFileBlobs(config.folder) : createBucketBlobs(config);
}
