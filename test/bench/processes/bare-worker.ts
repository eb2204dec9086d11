import { readFile } from 'node:fs/promises';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { payloadConverterPath } from '../../../gateway/connection.ts';
import { announceReady } from '../../../platform/lifecycle.ts';
import { slots } from '../../../workers/queues.ts';
import { type BareActivitiesOptions, createBareActivities } from '../bare/activities.ts';
import { bareQueues } from '../bare/messages.ts';
import { followParent, readParameters } from './parameters.ts';

export interface BareWorkerParameters extends BareActivitiesOptions {
  readonly temporalAddress: string;
  readonly bundlePath: string;
}

followParent();
const parameters = readParameters<BareWorkerParameters>();
Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: [] });
const connection = await NativeConnection.connect({ address: parameters.temporalAddress });
const code = await readFile(parameters.bundlePath, 'utf8');
const common = {
  connection,
  activities: createBareActivities(parameters),
  dataConverter: { payloadConverterPath },
};
const workers = await Promise.all([
  Worker.create({ ...common, ...slots.flows, workflowBundle: { code }, taskQueue: bareQueues.flows }),
  Worker.create({ ...common, ...slots.provider, taskQueue: bareQueues.provider }),
  Worker.create({ ...common, ...slots.waits, taskQueue: bareQueues.waits }),
]);
const running = Promise.all(workers.map((worker) => worker.run()));
announceReady();
await running;
