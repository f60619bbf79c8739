import { startAuthentication, startRegistration, WebAuthnError } from '@simplewebauthn/browser';
import type { Passkey } from '../../../api/schemas/accounts/passkeys.ts';
import type { Session } from '../../../api/schemas/accounts/session.ts';
import type { Calls } from '../api/calls.ts';
import { ApiProblem } from '../api/problem.ts';

/** Why a device gave no passkey. */
export type CeremonyFault = 'unfinished' | 'known';

/** Adds a passkey of this device to the account. @throws an ApiProblem, or an error of the browser (`ceremonyFaultOf`) */
export async function createPasskey(
  calls: Pick<Calls, 'passkeyRegistrationOptions' | 'addPasskey'>,
  name: string,
): Promise<Passkey> {
  const credential = await startRegistration({ optionsJSON: await calls.passkeyRegistrationOptions() });
  return calls.addPasskey({ name, credential });
}

/**
 * Logs in by a passkey that the person chooses.
 * @param fromField true to wait until they choose one among the suggestions of the username field
 * @throws an ApiProblem, or an error of the browser (`ceremonyFaultOf`)
 */
export async function logInByPasskey(
  calls: Pick<Calls, 'passkeyLogInOptions' | 'logInByPasskey'>,
  { fromField }: { fromField: boolean },
): Promise<Session> {
  const optionsJSON = await calls.passkeyLogInOptions();
  const credential = await startAuthentication({ optionsJSON, useBrowserAutofill: fromField });
  return calls.logInByPasskey({ credential });
}

/** Confirms by a passkey who the person is. @throws an ApiProblem, or an error of the browser (`ceremonyFaultOf`) */
export async function confirmByPasskey(
  calls: Pick<Calls, 'passkeyLogInOptions' | 'confirm'>,
): Promise<Session> {
  const optionsJSON = await calls.passkeyLogInOptions();
  return calls.confirm({ credential: await startAuthentication({ optionsJSON }) });
}

/** Returns the fault of a device or its user; undefined for an error of the API. */
export function ceremonyFaultOf(error: unknown): CeremonyFault | undefined {
  if (error instanceof ApiProblem) return undefined;
  const isKnown =
    error instanceof WebAuthnError && error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED';
  return isKnown ? 'known' : 'unfinished';
}
