import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { RouteKey } from '../access.ts';

/** The one request that may take as long as its bytes keep coming: a file of any size. */
const untimedRoute: RouteKey = 'PUT /v1/feeds/:kind';

/**
 * Closes the connection of a request that does not come to its end in time. Node's own limit has no exceptions: it would
 * cut off a large feed, or one that waits for the import before it.
 *
 * @param withinMs how long a request may take to be here as a whole; how long the sender of a feed may be silent
 */
export function limitRequestTime(server: Server, withinMs: number): void {
  server.requestTimeout = 0;
  // one a connection: the next request on it takes the place of the last
  const timers = new WeakMap<Socket, NodeJS.Timeout>();
  server.on('request', (request: IncomingMessage & { routeKey?: RouteKey }, response: ServerResponse) => {
    const { socket } = request;
    const isHeardOf = createProgressCheck(request);
    clearInterval(timers.get(socket));
    const timer = setInterval(() => {
      // who has no key is answered at once, and so is a file that is refused
      if (request.routeKey === untimedRoute && !response.headersSent && isHeardOf()) return;
      clearInterval(timer);
      if (!request.complete) socket.destroy();
    }, withinMs).unref();
    timers.set(socket, timer);
    response.once('close', () => {
      if (request.complete || socket.destroyed) clearInterval(timer);
    });
  });
}

/** Whether bytes came since the last time it was asked, or some are still to be read: then nobody lets more come. */
function createProgressCheck(request: IncomingMessage): () => boolean {
  const { socket } = request;
  let heardBytes = socket.bytesRead;
  return () => {
    const isHeardOf = socket.bytesRead > heardBytes || request.readableLength > 0;
    heardBytes = socket.bytesRead;
    return isHeardOf;
  };
}
