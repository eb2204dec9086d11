import { randomBytes } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { searchAttributes } from '../../cli/infrastructure/temporal.ts';
import { eventually } from './eventually.ts';
import { testInfrastructure } from './infrastructure.ts';

export interface TestNamespace {
  readonly address: string;
  readonly namespace: string;
}

/** As the server numbers the types of search attributes. */
const typeNumbers = { Keyword: 2, Bool: 5 } as const;

/** A namespace of one test file on the shared server, with our search attributes: a few tens of ms. */
export async function createTestNamespace(): Promise<TestNamespace> {
  const { address } = await testInfrastructure.temporal();
  return { address, namespace: await registerNamespace(address) };
}

/** The same on any server. */
async function registerNamespace(address: string): Promise<string> {
  const namespace = `test-${randomBytes(5).toString('hex')}`;
  const connection = await Connection.connect({ address });
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 24 * 60 * 60 } as never,
    });
    await registerSearchAttributes(connection, namespace);
    await eventually(async () => {
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
      return Object.keys(searchAttributes).every((name) => customAttributes?.[name] !== undefined);
    });
  } finally {
    await connection.close();
  }
  return namespace;
}

/** Tells a namespace what operators search sagas by. */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const types = Object.entries(searchAttributes).map(([name, type]) => [name, typeNumbers[type]]);
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(types) });
}
