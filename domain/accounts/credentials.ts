/** Changes of what an account logs in with. Its owner is told of each by mail. */
export const credentialChanges = [
  'password-changed',
  /** A new password was set by the link in a mail. */
  'password-reset',
  'passkey-added',
  'passkey-removed',
  'authenticator-added',
  'authenticator-removed',
  'recovery-codes-replaced',
  /** An administrator removed every second factor of somebody who had lost them. */
  'factors-reset',
] as const;
export type CredentialChange = (typeof credentialChanges)[number];
