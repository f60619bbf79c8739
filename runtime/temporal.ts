import { Client, type ClientOptions, Connection } from '@temporalio/client';
import type { Settings } from './settings.ts';

/**
 * Creates a Temporal client that connects on its first call, so that a process can start, and report that it is not
 * ready, while Temporal is down. `client.connection.close()` closes it.
 */
export function connectTemporal(
  settings: Settings['temporal'],
  options: Omit<ClientOptions, 'connection' | 'namespace'> = {},
): Client {
  const connection = Connection.lazy(settings.connectionOptions);
  return new Client({ ...options, connection, namespace: settings.namespace });
}
