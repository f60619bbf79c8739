import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP connection to a server, which can be cut and mended. */
export interface Link {
  port: number;
  /** From now on nothing goes through: `refused` closes and refuses connections, `silent` accepts them and never answers. */
  cut: (how: 'refused' | 'silent') => void;
  /** Lets new connections through again. Those that were silent are closed, as a network does once it notices. */
  mend: () => void;
  close: () => Promise<void>;
}

/** Opens a link on a free port of this machine to a port of this machine. */
export async function openLink(toPort: number): Promise<Link> {
  const sockets = new Set<Socket>();
  let state: 'open' | 'refused' | 'silent' = 'open';
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const destroyAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    keep(socket);
    if (state === 'refused') return void socket.destroy();
    if (state === 'silent') return;
    const upstream = connect(toPort, '127.0.0.1');
    keep(upstream);
    socket.on('close', () => upstream.destroy());
    upstream.on('close', () => socket.destroy());
    socket.pipe(upstream).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cut(how) {
      state = how;
      if (how === 'refused') destroyAll();
      else for (const socket of sockets) socket.unpipe().pause();
    },
    mend() {
      state = 'open';
      destroyAll();
    },
    async close() {
      destroyAll();
      server.close();
      await once(server, 'close');
    },
  };
}
