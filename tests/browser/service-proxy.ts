import { once } from 'node:events';
import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A proxy between a browser and the service, which keeps the service's address. */
export interface ServiceProxy {
  /** For the browser's proxy settings; a browser leaves its own machine out unless told otherwise. */
  settings: { server: string; bypass: string };
  /** From now on nothing is answered, and connections stay open: what a stopped process looks like (SIGSTOP). */
  hang: () => void;
  /** From now on connections break: what a killed process looks like (SIGKILL). */
  refuse: () => void;
  /** Lets everything through again, also what waited. */
  resume: () => void;
  close: () => Promise<void>;
}

export async function openServiceProxy(): Promise<ServiceProxy> {
  let state: 'open' | 'hanging' | 'refusing' = 'open';
  let waiting: (() => void)[] = [];
  const sockets = new Set<Socket>();
  const streams = new Set<IncomingMessage>();
  const forward = (
    { method, headers, url = '' }: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
  ) => {
    const upstream = ask(url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      streams.add(answer.on('close', () => streams.delete(answer)));
      answer.pipe(response);
      if (state === 'hanging') answer.pause();
    });
    upstream.on('error', () => response.destroy());
    response.on('close', () => upstream.destroy());
    upstream.end(body);
  };
  const server = createServer((request, response) => {
    void buffer(request).then(
      (body) => {
        // what a stopped process has received it reads later, although nobody waits for its answer any more
        if (state === 'hanging') waiting.push(() => forward(request, body, response));
        else forward(request, body, response);
      },
      () => response.destroy(),
    );
  });
  server.on('connection', (socket) => {
    if (state === 'refusing') return socket.destroy();
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => undefined));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    settings: { server: `http://127.0.0.1:${port}`, bypass: '<-loopback>' },
    hang() {
      state = 'hanging';
      for (const stream of streams) stream.pause();
    },
    refuse() {
      state = 'refusing';
      for (const socket of sockets) socket.destroy();
    },
    resume() {
      state = 'open';
      for (const stream of streams) stream.resume();
      for (const go of waiting) go();
      waiting = [];
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
