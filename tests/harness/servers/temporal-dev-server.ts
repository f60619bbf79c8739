import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { addSearchAttributes, ownSearchAttributes, type SearchAttribute } from './search-attributes.ts';
import { getSharedServer } from './shared-servers.ts';

export interface TestTemporal {
  address: string;
  namespace: string;
  /** A task queue that no other test file uses. */
  taskQueue: string;
  client: Client;
  /** For `Worker.create`. */
  nativeConnection: NativeConnection;
  /** Closes the connections, not the shared server. End the file's workers first. */
  close(): Promise<void>;
}

/**
 * Connects a test file to the Temporal development server of this Jest run. All files share its namespace, so
 * ids of workflows come from data of their own, and each file has its own task queue.
 */
export async function connectTestTemporal(
  searchAttributes: readonly SearchAttribute[] = ownSearchAttributes,
): Promise<TestTemporal> {
  const { address } = await getSharedServer('temporal');
  const connection = await Connection.connect({ address });
  const nativeConnection = await NativeConnection.connect({ address });
  const namespace = 'default';
  const client = new Client({ connection, namespace });
  await addSearchAttributes(client, searchAttributes);
  return {
    address,
    namespace,
    taskQueue: `test-${randomBytes(6).toString('hex')}`,
    client,
    nativeConnection,
    async close() {
      await nativeConnection.close();
      await connection.close();
    },
  };
}
