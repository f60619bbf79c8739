export type Provider = 'ses' | 'twilio' | 'web-push';

interface OutageDetails {
  retryAfterMs?: number | undefined;
  isOurFault?: boolean;
  isThrottle?: boolean;
}

/**
 * The provider did not accept the message; a later attempt may succeed. Carries only a code, never the recipient, the
 * content or the provider's message, which quotes them (docs/architecture.md, rule 9).
 */
export class SendOutage extends Error {
  override readonly name = 'SendOutage';
  readonly provider: Provider;
  /** The provider's error code, `http-<status>`, a system code such as `ECONNREFUSED`, or `timeout`. */
  readonly code: string;
  /** Milliseconds that the provider asked us to wait, if it did. */
  readonly retryAfterMs?: number;
  /** Our account or its settings are the cause, which only ops can fix. */
  readonly isOurFault: boolean;
  /** We send faster, or more in a day, than the provider allows. */
  readonly isThrottle: boolean;

  constructor(
    provider: Provider,
    code: string,
    { retryAfterMs, isOurFault = false, isThrottle = false }: OutageDetails = {},
  ) {
    const bareCode = /^[\w.-]{1,64}$/.test(code) ? code : 'unknown';
    super(`${provider}: ${bareCode}`);
    this.provider = provider;
    this.code = bareCode;
    this.isOurFault = isOurFault;
    this.isThrottle = isThrottle;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }
}

const timeoutCodes = new Set(['ETIMEDOUT', 'ECONNABORTED', 'ESOCKETTIMEDOUT', 'ABORT_ERR', 'TimeoutError']);

/** Reduces the error of a client to its code. An outage passes through unchanged. */
export function outageFrom(provider: Provider, thrown: unknown): SendOutage {
  if (thrown instanceof SendOutage) return thrown;
  const code = codeOf(thrown);
  return new SendOutage(provider, timeoutCodes.has(code) ? 'timeout' : code);
}

/** The code of a system error, or else the name: errors of clients often have no code. */
function codeOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return 'unknown';
  const { code, name } = thrown as { code?: unknown; name?: unknown };
  return [code, name].find((word) => typeof word === 'string') ?? 'unknown';
}

/**
 * Milliseconds of a `Retry-After` header, which is either seconds or an HTTP date (RFC 9110, 10.2.3);
 * undefined if it is missing, unreadable or past.
 */
export function parseRetryAfter(header: unknown, now: Date): number | undefined {
  if (typeof header !== 'string' || header.trim() === '') return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now.getTime();
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}
