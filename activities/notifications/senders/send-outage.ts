export type Provider = 'ses' | 'twilio' | 'web-push';

/**
 * The provider did not take the message, and a later attempt may succeed. Carries a code and never the
 * recipient, the content or the provider's sentence, because those quote what was sent (engine rule 9).
 */
export class SendOutage extends Error {
  override readonly name = 'SendOutage';
  readonly provider: Provider;
  /** The provider's error code, `http-<status>`, a system code such as `ECONNREFUSED`, or `timeout`. */
  readonly code: string;
  /** How long the provider asked us to stay away, in milliseconds, if it said so. */
  readonly retryAfterMs?: number;
  /** Our account or its settings are at fault: ops can mend it, and nobody else. */
  readonly isOurFault: boolean;

  constructor(provider: Provider, code: string, retryAfterMs?: number, isOurFault = false) {
    const bareCode = /^[\w.-]{1,64}$/.test(code) ? code : 'unknown';
    super(`${provider}: ${bareCode}`);
    this.provider = provider;
    this.code = bareCode;
    this.isOurFault = isOurFault;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }
}

const timeoutCodes = new Set(['ETIMEDOUT', 'ECONNABORTED', 'ESOCKETTIMEDOUT', 'ABORT_ERR', 'TimeoutError']);

/** What a client threw before there was an answer, reduced to its code; an outage passes through unchanged. */
export function outageFrom(provider: Provider, thrown: unknown): SendOutage {
  if (thrown instanceof SendOutage) return thrown;
  const code = codeOf(thrown);
  return new SendOutage(provider, timeoutCodes.has(code) ? 'timeout' : code);
}

/** A system error has a code; errors of clients often have only a name. */
function codeOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return 'unknown';
  const { code, name } = thrown as { code?: unknown; name?: unknown };
  return [code, name].find((word) => typeof word === 'string') ?? 'unknown';
}

/**
 * Milliseconds of a `Retry-After` header, which is either seconds or an HTTP date (RFC 9110, 10.2.3);
 * undefined when it is missing, unreadable or past.
 */
export function parseRetryAfter(header: unknown, now: Date): number | undefined {
  if (typeof header !== 'string' || header.trim() === '') return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now.getTime();
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}
