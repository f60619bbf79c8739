import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP connection to a server of this machine, which can hold back what the server sends. */
export interface SlowLink {
  address: string;
  /** From now on nothing that the server sends arrives. What is sent to it does. */
  hold: () => void;
  /** Lets through what was held, and what follows. */
  release: () => void;
  close: () => Promise<void>;
}

/** Opens a link to a server's address, `host:port`. */
export async function openSlowLink(address: string): Promise<SlowLink> {
  const { hostname, port } = new URL(`http://${address}`);
  const pairs: { client: Socket; upstream: Socket }[] = [];
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    pairs.push({ client, upstream });
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold() {
      for (const { client, upstream } of pairs) upstream.unpipe(client).pause();
    },
    release() {
      for (const { client, upstream } of pairs) upstream.pipe(client);
    },
    async close() {
      for (const socket of pairs.flatMap(Object.values)) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
