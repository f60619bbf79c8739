import { randomBytes } from 'node:crypto';
import { passwordFaults } from '../../domain/accounts/password.ts';
import type { HttpUser, Message } from './http-user.ts';

/** What a new agent knows of himself. */
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

/** Whether a message holds the link of an invitation. */
export function hasInvitationLink(message: Message): boolean {
  return invitationLink.test(message.text);
}

/** The token in the link of an invitation mail. */
export function invitationTokenIn(mail: Message): string {
  const token = invitationLink.exec(mail.text)?.[1];
  if (!token) throw new Error('The mail holds no link to register with.');
  return token;
}

/** Registers with the token of an invitation, as the page behind its link does. */
export async function signUp(user: HttpUser, newcomer: NewAgent, token: string): Promise<void> {
  const { email: _, ...typed } = newcomer;
  const { body } = await user.expect<{ termsOfUse: { version: string } }>('POST', 'invitations/lookup', {
    body: { token },
  });
  await user.expect('POST', 'registrations', {
    body: { token, ...typed, termsOfUseVersion: body.termsOfUse.version },
  });
}

/** Logs in. @returns the cookie of the session */
export async function logIn(
  user: HttpUser,
  { username, password }: Pick<NewAgent, 'username' | 'password'>,
): Promise<string> {
  const { cookie } = await user.expect('POST', 'session', { body: { username, password } });
  return cookie ?? '';
}

/** Accepts the Agents and Brokers Terms of Use in the version in force. */
export async function acceptAgentTerms(user: HttpUser, cookie: string): Promise<void> {
  const kind = 'agents-and-brokers-terms-of-use';
  const { body } = await user.expect<{ version: string }>('GET', `terms/${kind}`);
  await user.expect('POST', `me/terms/${kind}/acceptance`, { cookie, body: { version: body.version } });
}

/** Waits until the logged-in agent stands at a stage. */
export async function untilStage(user: HttpUser, cookie: string, stage: string): Promise<void> {
  await user.until(`the stage ${stage}`, async () => {
    const { body } = await user.expect<{ stage: string }>('GET', 'me/onboarding', { cookie });
    return body.stage === stage ? stage : undefined;
  });
}

/** A password by the guide's rules that nobody has used before. */
export function generatePassword(): string {
  for (;;) {
    const password = `${randomBytes(9).toString('base64url')}-A7z`;
    if (passwordFaults(password).length === 0) return password;
  }
}
