import { once } from 'node:events';
import {
  connect,
  constants,
  createSecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';

const workflowService = '/temporal.api.workflowservice.v1.WorkflowService/';

/**
 * Calls that the endpoint of a Temporal Cloud namespace refuses (docs/sources.md): the whole OperatorService, and the
 * calls of WorkflowService that make or change a namespace.
 */
const refusedCalls = [
  /^\/temporal\.api\.operatorservice\.v1\.OperatorService\//,
  new RegExp(`^${workflowService}(Register|Update|Deprecate)Namespace$`),
];

const grpcStatus = { permissionDenied: 7, unavailable: 14, unauthenticated: 16 } as const;

/** A front before a Temporal server that behaves as the endpoint of a namespace of Temporal Cloud. */
export interface TemporalCloud {
  address: string;
  apiKey: string;
  /** Its certificate, which a client has to trust, in PEM. */
  certificate: string;
  /** Names of the calls that it has let through, such as `CreateSchedule`. */
  passed: string[];
  /** Names of the calls that it has refused. */
  refused: string[];
  close: () => Promise<void>;
}

/** Starts a front that wants TLS and the API key, refuses what Temporal Cloud refuses, and passes on everything else. */
export async function startTemporalCloud(serverAddress: string): Promise<TemporalCloud> {
  const { private: key, cert: certificate } = await generate([{ name: 'commonName', value: 'localhost' }], {
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  const apiKey = 'an-api-key-of-a-service-account';
  const passed: string[] = [];
  const refused: string[] = [];
  const upstream = connect(`http://${serverAddress}`);
  const sessions = new Set<ServerHttp2Session>();
  const server = createSecureServer({ key, cert: certificate });
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session)).on('error', () => undefined);
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    const path = headers[':path'] ?? '';
    const name = path.split('/').at(-1) ?? '';
    if (headers['authorization'] !== `Bearer ${apiKey}`)
      return end(stream, grpcStatus.unauthenticated, 'Request unauthenticated.');
    if (refusedCalls.some((call) => call.test(path))) {
      refused.push(name);
      return end(stream, grpcStatus.permissionDenied, 'Request unauthorized.');
    }
    passed.push(name);
    passOn(stream, headers);
  });

  function passOn(stream: ServerHttp2Stream, { ...headers }: IncomingHttpHeaders): void {
    delete headers['authorization'];
    const call = upstream.request({ ...headers, ':scheme': 'http', ':authority': serverAddress });
    let trailers: IncomingHttpHeaders = {};
    call.on('response', (answer, flags) => {
      if (stream.destroyed) return;
      // an answer without a message has its status in the headers
      const isAll = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      stream.respond(answer, { waitForTrailers: !isAll, endStream: isAll });
      stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    });
    call.on('trailers', (last) => (trailers = last));
    call.on('error', () => end(stream, grpcStatus.unavailable, 'upstream is away'));
    stream.once('close', () => call.close(constants.NGHTTP2_CANCEL));
    stream.pipe(call).pipe(stream);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `localhost:${(server.address() as AddressInfo).port}`,
    apiKey,
    certificate,
    passed,
    refused,
    async close() {
      for (const session of sessions) session.destroy();
      upstream.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function end(stream: ServerHttp2Stream, status: number, message: string): void {
  if (stream.destroyed || stream.headersSent) {
    stream.destroy();
    return;
  }
  stream.respond(
    {
      ':status': 200,
      'content-type': 'application/grpc',
      'grpc-status': String(status),
      'grpc-message': message,
    },
    { endStream: true },
  );
}
