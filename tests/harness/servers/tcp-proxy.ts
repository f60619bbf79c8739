import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server of this machine that a test can make bad, as networks are. */
export interface TcpProxy {
  port: number;
  /** From now on nothing goes through in either direction. New connections are accepted and hear nothing. */
  silence: () => void;
  /** From now on nothing that the server sends arrives. What is sent to it does. */
  hold: () => void;
  /** Lets through what was held, and what follows. */
  release: () => void;
  /** Connections that were accepted so far. */
  accepted: () => number;
  close: () => Promise<void>;
}

export async function openTcpProxy(target: { hostname: string; port: number }): Promise<TcpProxy> {
  const pairs: { client: Socket; upstream: Socket }[] = [];
  const silenced: Socket[] = [];
  let isSilent = false;
  let accepted = 0;
  const server = createServer({ pauseOnConnect: true }, (client) => {
    accepted += 1;
    client.on('error', () => undefined);
    if (isSilent) return void silenced.push(client);
    const upstream = connect(target.port, target.hostname).on('error', () => undefined);
    pairs.push({ client, upstream });
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    silence() {
      isSilent = true;
      for (const socket of pairs.flatMap(Object.values<Socket>)) socket.unpipe().pause();
    },
    hold() {
      for (const { client, upstream } of pairs) upstream.unpipe(client).pause();
    },
    release() {
      for (const { client, upstream } of pairs) upstream.pipe(client);
    },
    accepted: () => accepted,
    async close() {
      for (const socket of [...pairs.flatMap(Object.values<Socket>), ...silenced]) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
