import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import type { Logger } from 'pino';
import { limitRequestTime } from './http/requests/request-timeout.ts';
import type { LiveEvents } from './http/streams/live-events.ts';

export interface ServerOptions {
  app: Express;
  events: LiveEvents;
  host: string;
  /** 0: any free port. */
  port: number;
  log: Logger;
  /** Milliseconds that running requests get at a stop; longer than the timeout of an update. */
  drainMs: number;
  /** Maximum milliseconds for the upload of a request, except for feeds. */
  requestTimeoutMs: number;
}

export interface RunningServer {
  port: number;
  /** Accepts no new requests, ends event streams, waits for running requests and closes the rest after `drainMs`. */
  stop(): Promise<void>;
}

/** Starts the HTTP server. @throws an error of `listen`, such as EADDRINUSE */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { app, events, host, port, log, drainMs, requestTimeoutMs } = options;
  const server = createServer();
  limitRequestTime(server, requestTimeoutMs);
  // longer than load balancers keep idle connections (60 s): closing first could lose a request that is on its way
  server.keepAliveTimeout = 75_000;
  server.on('request', app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port: boundPort } = server.address() as AddressInfo;
  log.info({ port: boundPort }, 'API listening');
  return { port: boundPort, stop: () => drain(server, events, drainMs) };
}

async function drain(server: Server, events: LiveEvents, drainMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  events.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearTimeout(timer);
}
