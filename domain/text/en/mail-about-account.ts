import type { CredentialChange } from '../../accounts/credentials.ts';
import { helpContacts } from '../help-contacts.ts';
import { linked, mailLink } from '../linked.ts';
import type { MailSentences } from '../notice-data.ts';
import { agentFooter, hello } from './mail-parts.ts';
import { atInFull } from './times.ts';

/** What changed: the subject of the mail, and its first sentence before the time. */
const changed: Readonly<Record<CredentialChange, string>> = {
  'password-changed': 'The password of your Help On Demand account was changed',
  'password-reset': 'A new password was set for your Help On Demand account',
  'passkey-added': 'A passkey was added to your Help On Demand account',
  'passkey-removed': 'A passkey was removed from your Help On Demand account',
  'authenticator-added': 'An authenticator app was added to your Help On Demand account',
  'authenticator-removed': 'The authenticator app was removed from your Help On Demand account',
  'recovery-codes-replaced': 'The recovery codes of your Help On Demand account were replaced',
  'factors-reset':
    'Every passkey, authenticator app and recovery code was removed from your Help On Demand account',
};

const phoneChanged = 'The phone number of your Help On Demand account was changed';

/** What to do if it was somebody else. */
const ifNotYou =
  'If it was not you, somebody else may be in your account. Set a new password at once: that logs everybody out.';
const helpDesk = linked`If it was not you, write to the help desk as well: ${mailLink(helpContacts.helpDesk)}`;
const setPassword = (url: string) => ({ label: 'Set a new password', url });

export const mailAboutAccount: Pick<
  MailSentences,
  'password-reset' | 'credentials-changed' | 'codes-refused' | 'phone-changed'
> = {
  'password-reset': ({ firstName, expiresAt, resetUrl }, when) => ({
    subject: 'Set a new password for Help On Demand',
    paragraphs: [
      hello(firstName),
      'Somebody who knows your username, most likely you, asked to set a new password. We send the link only to the email address in your MLMS profile.',
      `The link works once, until ${atInFull(expiresAt, when)}. A newer one replaces it. Please do not forward it.`,
    ],
    action: { label: 'Set a new password', url: resetUrl },
    afterAction: [
      'If you did not ask, there is nothing to do: your password stays as it is, and nobody else got this link.',
    ],
    footer: agentFooter,
  }),
  'credentials-changed': ({ firstName, change, changedAt, forgotUrl }, when) => ({
    subject: changed[change],
    paragraphs: [
      hello(firstName),
      `${changed[change]} on ${atInFull(changedAt, when)}. If it was you, there is nothing to do.`,
      ifNotYou,
    ],
    action: setPassword(forgotUrl),
    afterAction: [helpDesk],
    footer: agentFooter,
  }),
  'codes-refused': ({ firstName, changedAt, forgotUrl }, when) => ({
    subject: 'Too many wrong codes for your Help On Demand account',
    paragraphs: [
      hello(firstName),
      `Somebody typed your password and too many wrong codes, the last on ${atInFull(changedAt, when)}. For a day, we accept no codes from your app on devices that you have not used before.`,
      'If it was you: log in on a device that you have used before, with a passkey, or with a recovery code.',
      'If it was not you, somebody else knows your password. Set a new one at once.',
    ],
    action: setPassword(forgotUrl),
    afterAction: [helpDesk],
    footer: agentFooter,
  }),
  'phone-changed': ({ firstName, changedAt, forgotUrl }, when) => ({
    subject: phoneChanged,
    paragraphs: [
      hello(firstName),
      `${phoneChanged} on ${atInFull(changedAt, when)}. If it was you, please confirm the new one. There is nothing else to do.`,
      ifNotYou,
    ],
    action: setPassword(forgotUrl),
    afterAction: [helpDesk],
    footer: agentFooter,
  }),
};
