import { Client, type ClientOptions, Connection } from '@temporalio/client';
import type { Settings } from './settings.ts';

/**
 * A client for Temporal that connects with its first call, so that a process also starts, and says that it is
 * not ready, while Temporal is away. `client.connection.close()` ends it.
 */
export function connectTemporal(
  settings: Settings['temporal'],
  options: Omit<ClientOptions, 'connection' | 'namespace'> = {},
): Client {
  const connection = Connection.lazy(settings.connectionOptions);
  return new Client({ ...options, connection, namespace: settings.namespace });
}
