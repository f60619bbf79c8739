import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Prometheus text, with the content type that names its version. */
export interface Metrics {
  contentType: string;
  text(): Promise<string>;
}

export interface InternalServerOptions {
  /** 0 takes any free port. */
  port: number;
  /** The address to listen on. Nothing behind it asks for a login. */
  host: string;
  metrics: Metrics;
  /** Returns whether the process can do its work; an error counts as no. Without it no health endpoints are served. */
  isReady?: () => Promise<boolean>;
}

/**
 * Serves operations, apart from the public API: `GET /metrics`, and `/health/live` and `/health/ready` for a process
 * without a public API. Answers 503 while a dependency is down.
 * @throws the error of listening, such as EADDRINUSE
 */
export async function startInternalServer(
  options: InternalServerOptions,
): Promise<{ port: number; close: () => Promise<void> }> {
  const { port, host, metrics, isReady } = options;
  const answers: Record<string, () => Promise<Answer>> = {
    '/metrics': async () => ({ isHealthy: true, type: metrics.contentType, text: await metrics.text() }),
    ...(isReady && {
      '/health/live': async () => health(true),
      '/health/ready': async () => health(await isReady()),
    }),
  };
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    if (!answer) {
      response.writeHead(404).end();
      return;
    }
    void answer()
      .catch(() => health(false))
      .then(({ isHealthy, type, text }) =>
        response.writeHead(isHealthy ? 200 : 503, { 'content-type': type }).end(text),
      );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => closeServer(server) };
}

interface Answer {
  isHealthy: boolean;
  type: string;
  text: string;
}

const health = (isHealthy: boolean): Answer => ({
  isHealthy,
  type: 'application/json',
  text: JSON.stringify({ status: isHealthy ? 'ok' : 'unavailable' }),
});

/** Closes open connections too, because a scraper keeps its connection for the next scrape. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
