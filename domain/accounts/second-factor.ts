/** The second factors that an account has. */
export interface SecondFactors {
  /** The authenticator app; null if there is none. */
  app: { keyId: string; confirmedAt: Date } | null;
  passkeys: number;
  /** Recovery codes that are left. */
  recoveryCodes: number;
}

/** What a log-in by password is finished with: a code of the app or a recovery code; or a passkey, which needs no password. */
export type SecondFactorKind = 'code' | 'passkey';

/** Roles whose accounts can do nothing before they have a second factor: all that see more than one agent. */
export function needsSecondFactor(role: string): boolean {
  return role !== 'agent';
}

/**
 * Returns what a log-in by password still needs; empty if the password is enough. An agent with a passkey alone may still
 * log in by password, so that a lost phone locks nobody out.
 */
export function secondFactorsAskedOf(
  role: string,
  { app, passkeys, recoveryCodes }: SecondFactors,
): SecondFactorKind[] {
  const isAsked = app !== null || (needsSecondFactor(role) && passkeys > 0);
  if (!isAsked) return [];
  const hasCodes = app !== null || recoveryCodes > 0;
  return [...(hasCodes ? (['code'] as const) : []), ...(passkeys > 0 ? (['passkey'] as const) : [])];
}

/** Digits of an authenticator app's code, and letters of a recovery code without its hyphens; earlier ones had 24. */
export const appCodePattern = /^\d{6}$/;
export const recoveryCodePattern = /^[A-Z2-7]{24}(?:[A-Z2-7]{2})?$/;

/** Writes a recovery code in groups of four, as people read it. */
export function groupedCode(code: string): string {
  return code.match(/.{1,4}/g)?.join('-') ?? '';
}
