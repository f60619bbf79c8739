import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import type { Logger } from 'pino';
import type { LiveEvents } from './http/live-events.ts';
import { limitRequestTime } from './http/request-timeout.ts';

export interface ServerOptions {
  app: Express;
  events: LiveEvents;
  host: string;
  /** 0 takes any free port. */
  port: number;
  log: Logger;
  /** How long requests that run may take to end at a stop: longer than an update's answer. */
  drainMs: number;
  /** How long a request other than a feed's may take to come as a whole. */
  requestTimeoutMs: number;
}

export interface RunningServer {
  port: number;
  /** Takes no new request, ends the event streams, lets the others finish, and then closes what is left. */
  stop(): Promise<void>;
}

/** Starts to listen. @throws what listening threw, such as EADDRINUSE */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { app, events, host, port, log, drainMs, requestTimeoutMs } = options;
  const server = createServer();
  limitRequestTime(server, requestTimeoutMs);
  // longer than load balancers keep an idle connection (60 s): who closes first while the other sends loses a request
  server.keepAliveTimeout = 75_000;
  server.on('request', app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port: taken } = server.address() as AddressInfo;
  log.info({ port: taken }, 'the doors are open');
  return { port: taken, stop: () => drain(server, events, drainMs) };
}

async function drain(server: Server, events: LiveEvents, drainMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  await events.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearTimeout(timer);
}
