import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';

/**
 * Logs one line a request: id, method, route, status, milliseconds, the account by whose session it came, and the type of its
 * problem. It never logs the URL, a header or a body: each of them can contain a token or personal data.
 */
export function createRequestLog(log: Logger): RequestHandler {
  return pinoHttp({
    logger: log,
    genReqId: () => randomUUID(),
    quietReqLogger: true,
    serializers: { req: () => undefined, res: () => undefined, err: () => undefined },
    customAttributeKeys: { reqId: 'requestId', responseTime: 'ms' },
    autoLogging: { ignore: isProbe },
    customLogLevel: (_request, response) => (response.statusCode >= 500 ? 'warn' : 'info'),
    customSuccessMessage: () => 'Request answered',
    customErrorMessage: () => 'Request answered',
    customSuccessObject: (request, response, values: object) =>
      logFieldsOf(request, response.statusCode, values),
    customErrorObject: (request, response, _error, values: object) =>
      logFieldsOf(request, response.statusCode, values),
  }) as RequestHandler;
}

function logFieldsOf(request: IncomingMessage, status: number, values: object) {
  const { method, routeKey, accountId, problem } = request as Request;
  const { ms } = values as { ms?: number };
  return { method, route: routeKey?.split(' ')[1] ?? 'none', accountId, status, problem, ms };
}

/** Recognizes health probes, which come every few seconds and are not worth a log line. */
function isProbe({ url }: IncomingMessage): boolean {
  return url?.startsWith('/health/') ?? false;
}
