import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A connection to Postgres that a test can make silent, as a lost network does. */
export interface PostgresProxy {
  /** The URL of the database through the proxy. */
  url: string;
  /** From now on nothing goes through in either direction. New connections are accepted and hear nothing. */
  silence: () => void;
  /** Connections that were accepted so far. */
  accepted: () => number;
  close: () => Promise<void>;
}

/** Opens a proxy to the server of a database. */
export async function openPostgresProxy(databaseUrl: string): Promise<PostgresProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let isSilent = false;
  let accepted = 0;
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    accepted += 1;
    sockets.add(socket.on('error', () => undefined));
    if (isSilent) return;
    const upstream = connect(Number(target.port), target.hostname);
    sockets.add(upstream.on('error', () => undefined));
    socket.pipe(upstream).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: Object.assign(new URL(databaseUrl), { hostname: '127.0.0.1', port: String(port) }).href,
    silence() {
      isSilent = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    accepted: () => accepted,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
