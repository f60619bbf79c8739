import { appCode } from '../../store/accounts/totp.ts';
import type { Login } from '../run-file.ts';
import type { HttpUser, Message } from './http-user.ts';

/** The values that new agents type when they register. */
export interface NewAgent {
  email: string;
  username: string;
  password: string;
  /** A cell phone, E.164. */
  phone: string;
  zip: string;
  contactPreference: 'email-text-app' | 'email-text' | 'email-app' | 'email';
}

const invitationLink = /\/register#([\w-]+)/;

/** Checks if a message contains an invitation link. */
export function hasInvitationLink(message: Message): boolean {
  return invitationLink.test(message.text);
}

/** Reads the token from the link in an invitation mail. @throws when the mail has no such link */
export function invitationTokenIn(mail: Message): string {
  const token = invitationLink.exec(mail.text)?.[1];
  if (!token) throw new Error('The mail has no invitation link.');
  return token;
}

/** Registers with an invitation token, with the same calls as the registration page. */
export async function signUp(user: HttpUser, newcomer: NewAgent, token: string): Promise<void> {
  const { email: _, ...typed } = newcomer;
  const { body } = await user.expect<{ termsOfUse: { version: string } }>('POST', 'invitations/lookup', {
    body: { token },
  });
  await user.expect('POST', 'registrations', {
    body: { token, ...typed, termsOfUseVersion: body.termsOfUse.version },
  });
}

/**
 * Logs in. An account with an authenticator app sends the code that it shows now, which counts once: the same account can
 * log in again after 30 seconds.
 * @returns the session cookie
 */
export async function logIn(
  user: HttpUser,
  { username, password, totpSecret }: Omit<Login, 'role'>,
): Promise<string> {
  const code = totpSecret && appCode(totpSecret, new Date());
  const { cookie } = await user.expect('POST', 'session', { body: { username, password, code } });
  return cookie ?? '';
}

/** Accepts the Agents and Brokers Terms of Use in the version in force. */
export async function acceptAgentTerms(user: HttpUser, cookie: string): Promise<void> {
  const kind = 'agents-and-brokers-terms-of-use';
  const { body } = await user.expect<{ version: string }>('GET', `terms/${kind}`);
  await user.expect('POST', `me/terms/${kind}/acceptance`, { cookie, body: { version: body.version } });
}

/** Waits until the logged-in agent has reached a stage. */
export async function untilStage(user: HttpUser, cookie: string, stage: string): Promise<void> {
  await user.until(`the stage ${stage}`, async () => {
    const { body } = await user.expect<{ stage: string }>('GET', 'me/onboarding', { cookie });
    return body.stage === stage ? stage : undefined;
  });
}
