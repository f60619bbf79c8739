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
  /** The address it listens on; what is behind it has no guard. */
  host: string;
  metrics: Metrics;
  /** Whether the process does its work; a failure is a no. Without it nobody is told of health here. */
  isReady?: () => Promise<boolean>;
}

/**
 * Serves what operations ask of a process, beside what the world may ask: `GET /metrics`, and `/health/live` and
 * `/health/ready` where a process has no other door. 503 while what they rest on is away.
 * @throws what listening threw, such as EADDRINUSE
 */
export async function startInternalServer(
  options: InternalServerOptions,
): Promise<{ port: number; close: () => Promise<void> }> {
  const { port, host, metrics, isReady } = options;
  const answers: Record<string, () => Promise<Answer>> = {
    '/metrics': async () => ({ isWell: true, type: metrics.contentType, text: await metrics.text() }),
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
      .then(({ isWell, type, text }) =>
        response.writeHead(isWell ? 200 : 503, { 'content-type': type }).end(text),
      );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => closeServer(server) };
}

interface Answer {
  isWell: boolean;
  type: string;
  text: string;
}

const health = (isWell: boolean): Answer => ({
  isWell,
  type: 'application/json',
  text: JSON.stringify({ status: isWell ? 'ok' : 'unavailable' }),
});

/** Who scrapes keeps the connection open for the next time. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
