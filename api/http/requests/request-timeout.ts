import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { RouteKey } from '../../access.ts';

/** The only route without a total limit: a feed of any size may take as long as its bytes keep arriving. */
const untimedRoute: RouteKey = 'PUT /v1/feeds/:kind';

/**
 * Closes the connection of a request that is not complete in time. Node's own limit has no exceptions: it would cut off a
 * large feed, or one that waits for the previous import.
 *
 * @param timeoutMs maximum duration of a request's upload; for a feed, the maximum pause between its bytes
 */
export function limitRequestTime(server: Server, timeoutMs: number): void {
  server.requestTimeout = 0;
  // one timer a connection: the next request on it replaces the previous one's
  const timers = new WeakMap<Socket, NodeJS.Timeout>();
  server.on('request', (request: IncomingMessage & { routeKey?: RouteKey }, response: ServerResponse) => {
    const { socket } = request;
    const hasProgress = createProgressCheck(request);
    clearInterval(timers.get(socket));
    const timer = setInterval(() => {
      // once a response was sent, as for a missing key or a refused file, the rest of the upload gets no extra time
      if (request.routeKey === untimedRoute && !response.headersSent && hasProgress()) return;
      clearInterval(timer);
      if (!request.complete) socket.destroy();
    }, timeoutMs).unref();
    timers.set(socket, timer);
    response.once('close', () => {
      if (request.complete || socket.destroyed) clearInterval(timer);
    });
  });
}

/** Creates a check for progress since its last call: new bytes, or buffered bytes, which stop the sender for now. */
function createProgressCheck(request: IncomingMessage): () => boolean {
  const { socket } = request;
  let lastBytesRead = socket.bytesRead;
  return () => {
    const hasProgress = socket.bytesRead > lastBytesRead || request.readableLength > 0;
    lastBytesRead = socket.bytesRead;
    return hasProgress;
  };
}
