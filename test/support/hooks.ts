import type { RootHookObject } from 'mocha';
import { testInfrastructure } from './infrastructure.ts';

/** Ends what test files started, after the last test of this mocha process. */
export const mochaHooks: RootHookObject = {
  async afterAll() {
    await testInfrastructure.stop();
  },
};
