import { helpContacts } from '../help-contacts.ts';
import { linked, webLink } from '../linked.ts';
import type { TimeContext } from '../locale-format.ts';
import type { MailSentences, NoticeData, Paragraph } from '../notice-data.ts';
import { unmetLine } from './mail-about-standing.ts';
import { agentFooter, hello } from './mail-parts.ts';
import { onboardingSentences } from './onboarding.ts';
import { atInFull } from './times.ts';

/** Answer to a status request, by stage. Anyone can send the request, so the answer contains no link with a token. */
function standing(data: NoticeData['status-answer'], when: TimeContext): Paragraph[] {
  const { stage, causes, unmet, linkExpiresAt, retryAt, newToMarketplace, isRegistered } = data;
  const stageSentence = onboardingSentences.onboardingStage[stage].agent({
    causes,
    linkExpiresAt,
    retryAt,
    isRegistered,
    when,
  });
  const held = causes.includes('held')
    ? ['The operations team has put your account on hold. Please write to the help desk.']
    : [];
  const missing = unmet.length > 0 ? [unmet.map(unmetLine)] : [];
  switch (stage) {
    case 'awaiting-eligibility':
      if (missing.length + held.length === 0) return [stageSentence];
      return [
        isRegistered
          ? 'You are not active for this plan year yet, because this is missing:'
          : 'You are not invited yet, because this is missing:',
        ...missing,
        ...held,
        ...(newToMarketplace
          ? [
              'You are new to the Marketplace: it may take additional time to verify your state licensure information with NIPR.',
            ]
          : []),
        isRegistered
          ? 'Once everything is complete and the registries have told us, you become active automatically. You do not need to register again.'
          : 'The invitation follows automatically once everything is complete and the registries have told us.',
      ];
    case 'invited':
      return [
        `Every condition is met. An invitation with your link to register was sent to this email address${linkExpiresAt ? `; the link is valid until ${atInFull(linkExpiresAt, when)}` : ''}. This email does not hold the link.`,
        'If you cannot find the invitation, look in your spam folder. Once its link has expired, open it all the same: the page sends you a new one.',
      ];
    case 'invitation-expired':
      return [
        'Every condition is met, but the link of your invitation has expired.',
        'Open the link in that email all the same: the page sends you a new one. If you do not have the email any more, write to the help desk.',
      ];
    case 'suspended':
      return ['You are offered no referrals for now, because this is missing:', ...missing, ...held];
    case 'lapsed':
    case 'left':
      return [
        stageSentence,
        'To take part in a later plan year, complete its Marketplace registration and training, the CMS agreements and the Help On Demand coursework.',
      ];
    case 'invitation-undeliverable':
    case 'awaiting-terms':
    case 'active':
      return [stageSentence];
  }
}

export const mailOnRequest: Pick<MailSentences, 'status-answer' | 'log-in-reminder'> = {
  'status-answer': (data, when) => ({
    subject: 'Where your Help On Demand registration stands',
    paragraphs: [
      hello(data.firstName),
      `Somebody who knows your NPN, most likely you, asked where your registration stands for plan year ${data.planYear}. We send the answer only to the email address in your MLMS profile.`,
      ...standing(data, when),
      ...data.otherYears.flatMap((year) => [
        `For plan year ${year.planYear} this is still missing:`,
        year.unmet.map(unmetLine),
      ]),
    ],
    action: data.isRegistered
      ? { label: 'Log in', url: data.loginUrl }
      : { label: 'Go to the CMS Enterprise Portal', url: helpContacts.cmsPortal },
    footer: agentFooter,
  }),
  'log-in-reminder': ({ firstName, username, loginUrl }) => ({
    subject: 'How to log in to Help On Demand',
    paragraphs: [
      hello(firstName),
      'Somebody who knows your NPN, most likely you, asked how you log in. We send the answer only to the email address in your MLMS profile.',
      `Your username is: ${username}`,
    ],
    action: { label: 'Log in', url: loginUrl },
    afterAction: [
      linked`Please save this email. It holds the address where you log in: ${webLink(loginUrl)}`,
      'If you did not ask, there is nothing to do: nobody else got this email, and it contains no password.',
    ],
    footer: agentFooter,
  }),
};
