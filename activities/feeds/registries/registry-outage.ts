/**
 * A registry gave no answer that can be used, and a later attempt may succeed. Carries a code and never what was
 * asked or answered, because answers name people (engine rule 9).
 */
export class RegistryOutage extends Error {
  override readonly name = 'RegistryOutage';
  /** `http-<status>`, a system code such as `ECONNREFUSED`, `timeout`, `refused` or `unreadable`. */
  readonly code: string;

  constructor(code: string) {
    const bareCode = /^[\w.-]{1,64}$/.test(code) ? code : 'unknown';
    super(`registry: ${bareCode}`);
    this.code = bareCode;
  }
}

/** What a request threw before there was an answer, reduced to its code; an outage passes through unchanged. */
export function registryOutageFrom(thrown: unknown): RegistryOutage {
  if (thrown instanceof RegistryOutage) return thrown;
  // fetch wraps the system's error, and names the one of its own clock
  const { name, cause } = thrown as { name?: unknown; cause?: { code?: unknown } };
  if (name === 'TimeoutError' || cause?.code === 'ETIMEDOUT') return new RegistryOutage('timeout');
  return new RegistryOutage(typeof cause?.code === 'string' ? cause.code : 'unknown');
}
