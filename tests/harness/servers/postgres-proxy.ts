import { openTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** A connection to Postgres that a test can make silent, as a lost network does. */
export interface PostgresProxy extends Pick<TcpProxy, 'silence' | 'accepted' | 'close'> {
  /** The URL of the database through the proxy. */
  url: string;
}

/** Opens a proxy to the server of a database. */
export async function openPostgresProxy(databaseUrl: string): Promise<PostgresProxy> {
  const { hostname, port } = new URL(databaseUrl);
  const proxy = await openTcpProxy({ hostname, port: Number(port) });
  const url = Object.assign(new URL(databaseUrl), { hostname: '127.0.0.1', port: String(proxy.port) }).href;
  return { ...proxy, url };
}
