import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { RouteKey } from './access.ts';

/** The one request that may take as long as it takes: a file of any size, which may wait for the import before it. */
const unlimited: RouteKey = 'PUT /v1/feeds/:kind';

/**
 * Closes the connection of a request that does not come to its end in time. Node's own limit has no exceptions: it would
 * cut off a large feed.
 *
 * @param withinMs how long a request may take to be here as a whole, and a feed once it was refused
 */
export function limitRequestTime(server: Server, withinMs: number): void {
  server.requestTimeout = 0;
  // one a connection: the next request on it takes the place of the last
  const timers = new WeakMap<Socket, NodeJS.Timeout>();
  server.on('request', (request: IncomingMessage & { routeKey?: RouteKey }, response: ServerResponse) => {
    const { socket } = request;
    clearInterval(timers.get(socket));
    const timer = setInterval(() => {
      if (request.routeKey === unlimited && isAllowedIn(response)) return;
      clearInterval(timer);
      if (!request.complete) socket.destroy();
    }, withinMs).unref();
    timers.set(socket, timer);
    socket.once('close', () => clearInterval(timer));
  });
}

/** Who has no key is answered at once, and so is a file that is refused. */
function isAllowedIn(response: ServerResponse): boolean {
  return !response.headersSent && !response.destroyed;
}
