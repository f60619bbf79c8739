import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';

/**
 * One log line a request: its id, method, route, status and milliseconds. Never the address as it was typed, a
 * query, a header or a body: any of them can hold a token or a person (rule 9).
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
    customSuccessMessage: () => 'answered',
    customErrorMessage: () => 'answered',
    customSuccessObject: (request, response, values: object) =>
      logFieldsOf(request, response.statusCode, values),
    customErrorObject: (request, response, _error, values: object) =>
      logFieldsOf(request, response.statusCode, values),
  }) as RequestHandler;
}

function logFieldsOf(request: IncomingMessage, status: number, values: object) {
  const { method, routeKey } = request as Request;
  const { ms } = values as { ms?: number };
  return { method, route: routeKey?.split(' ')[1] ?? 'none', status, ms };
}

/** Probes come every few seconds and say nothing. */
function isProbe({ url }: IncomingMessage): boolean {
  return url?.startsWith('/health/') ?? false;
}
