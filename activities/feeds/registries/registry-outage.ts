/**
 * A registry gave no usable answer; a later attempt may succeed. Carries only a code, never the request or the answer,
 * because these name people (docs/architecture.md, rule 9).
 */
export class RegistryOutage extends Error {
  override readonly name = 'RegistryOutage';
  /** `http-<status>`, a system code such as `ECONNREFUSED`, `timeout`, `refused`, `unreadable`, `empty-page` or `unknown`. */
  readonly code: string;

  constructor(code: string) {
    const bareCode = /^[\w.-]{1,64}$/.test(code) ? code : 'unknown';
    super(`registry: ${bareCode}`);
    this.code = bareCode;
  }
}

/** Reduces the error of a request to its code. An outage passes through unchanged. */
export function registryOutageFrom(thrown: unknown): RegistryOutage {
  if (thrown instanceof RegistryOutage) return thrown;
  // fetch wraps system errors as `cause`, and names its own timeout TimeoutError
  const { name, cause } = thrown as { name?: unknown; cause?: { code?: unknown } };
  if (name === 'TimeoutError' || cause?.code === 'ETIMEDOUT') return new RegistryOutage('timeout');
  return new RegistryOutage(typeof cause?.code === 'string' ? cause.code : 'unknown');
}
