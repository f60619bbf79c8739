import { createServer, type Server } from 'node:http';

/** Serves `GET /health/live` and `/health/ready` on a port of this machine's network. */
export async function serveHealth(port: number, isReady: () => Promise<boolean>): Promise<Server> {
  const server = createServer((request, response) => {
    const answer = (ok: boolean) => {
      response.writeHead(ok ? 200 : 503, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ status: ok ? 'ok' : 'unavailable' }));
    };
    if (request.url === '/health/live') answer(true);
    else if (request.url === '/health/ready') isReady().then(answer, () => answer(false));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, resolve);
  });
  return server;
}
