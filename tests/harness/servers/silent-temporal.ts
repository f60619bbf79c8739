import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Client, Connection } from '@temporalio/client';

/** Opens a server that takes connections and never answers, and a client of it as if it were Temporal's. */
export async function openSilentTemporal(): Promise<{ client: Client; close: () => Promise<void> }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = new Client({ connection: Connection.lazy({ address: `127.0.0.1:${port}` }) });
  return {
    client,
    async close() {
      await client.connection.close();
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
