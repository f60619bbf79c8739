import type { Client as TemporalClient } from '@temporalio/client';
import { Client as PostgresClient } from 'pg';
import { withoutPersonalText } from './redaction.ts';

/**
 * Checks that Postgres accepts a connection, so that a command fails before it begins anything.
 * @throws an `UnreachableError` whose message names the address and the variable, never the user or password
 */
export async function checkPostgresConnection(
  databaseUrl: string,
  withinMs: number,
  named = 'DATABASE_URL',
): Promise<void> {
  const client = new PostgresClient({ connectionString: databaseUrl, connectionTimeoutMillis: withinMs });
  // without a listener, a connection that breaks while it closes would end the process
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw unreachableError(`Postgres cannot be reached at ${displayAddress(databaseUrl)}`, {
      because: postgresReason(error as Error, withinMs),
      named,
      cause: error,
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Checks that Temporal answers.
 * @returns the version of the server, such as `1.31.2`
 * @throws an `UnreachableError` whose message names the address and the variable
 */
export async function checkTemporalConnection(
  client: TemporalClient,
  address: string,
  withinMs: number,
): Promise<string> {
  try {
    const { serverVersion } = await client.withDeadline(Date.now() + withinMs, () =>
      client.workflowService.getSystemInfo({}),
    );
    return serverVersion;
  } catch (error) {
    throw unreachableError(`Temporal cannot be reached at ${address}`, {
      because: temporalReason(error as Error, withinMs),
      named: 'TEMPORAL_ADDRESS',
      cause: error,
    });
  }
}

function unreachableError(what: string, why: { because: string; named: string; cause: unknown }): Error {
  const error = new Error(`${what}: ${why.because}. ${why.named} names it.`, { cause: why.cause });
  error.name = 'UnreachableError';
  return error;
}

/** Host, port and database of a URL, without the user and password. */
function displayAddress(databaseUrl: string): string {
  const { hostname, port, pathname, searchParams } = new URL(databaseUrl);
  return `${hostname || searchParams.get('host') || 'localhost'}:${port || 5432}${pathname}`;
}

const postgresReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers there',
  ENOTFOUND: 'its host name is not known',
  EAI_AGAIN: 'its host name cannot be looked up',
  EHOSTUNREACH: 'its host is unreachable',
  ENETUNREACH: 'its network is unreachable',
  '28000': 'it does not let this user in',
  '28P01': 'it does not accept the user or the password',
  '3D000': 'it has no such database',
  '53300': 'it has no free connection',
  '57P03': 'it is starting or stopping',
};

function postgresReason(error: Error, withinMs: number): string {
  // a host with several addresses gives one error that holds one for each attempt
  const [first = error] = error instanceof AggregateError ? (error.errors as Error[]) : [];
  const { code = '' } = first as NodeJS.ErrnoException;
  if (code === 'ETIMEDOUT' || /time(d )?out/.test(first.message)) return noAnswerWithin(withinMs);
  return postgresReasons[code] ?? (code || withoutPersonalText(first.message));
}

/** Reads the gRPC status. A refused connection and one that does not speak TLS as expected give the same status. */
function temporalReason(error: Error, withinMs: number): string {
  const { code } = error as { code?: unknown };
  if (code === 7 || code === 16) return 'it does not let this process in (TEMPORAL_API_KEY)';
  if (code === 14) return 'nothing there answers as Temporal does';
  return noAnswerWithin(withinMs);
}

function noAnswerWithin(ms: number): string {
  return `no answer within ${ms / 1000} s`;
}
