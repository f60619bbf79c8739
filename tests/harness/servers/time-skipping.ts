import { TestWorkflowEnvironment } from '@temporalio/testing';
import { addSearchAttributes, ownSearchAttributes, type SearchAttribute } from './search-attributes.ts';
import { getSharedServer } from './shared-servers.ts';

/**
 * Starts a Temporal server for one test file on which timers take no time while a result is awaited. Everything that
 * runs on it shares its clock. `teardown()` ends it. It neither lists nor counts workflows and has no schedules.
 */
export async function createTimeSkippingEnv(
  searchAttributes: readonly SearchAttribute[] = ownSearchAttributes,
): Promise<TestWorkflowEnvironment> {
  const { path } = await getSharedServer('timeSkippingServer');
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  await addSearchAttributes(environment.client, searchAttributes);
  return environment;
}
