import { marketplaceDateAt } from '../../time/marketplace-calendar.ts';
import { helpContacts } from '../help-contacts.ts';
import { linked, type MailLine, mailLink, webLink } from '../linked.ts';
import { capitalized } from '../locale-format.ts';
import type {
  MailSentences,
  MetCondition,
  StoredExpiration,
  StoredStateRecord,
  UnmetCondition,
} from '../notice-data.ts';
import { conditionSentences, unmetReasonSentences } from './conditions.ts';
import { agentFooter, hello } from './mail-parts.ts';
import { names } from './names.ts';
import { onboardingSentences } from './onboarding.ts';
import { profileSentences } from './profile.ts';
import { dayInFull, list } from './times.ts';

/** An unmet condition, what to do about it, and our record of it. */
export const unmetLine = ({ name: condition, because, evidence, asOf }: UnmetCondition): MailLine => {
  const { name, remedy, url } = conditionSentences[condition];
  const said = `${name}: ${because ? unmetReasonSentences[because] : remedy}${ofRecord(asOf, evidence)}`;
  return url ? linked`${said} ${webLink(url)}` : said;
};

/** Value and date of a record; empty if there is none. */
const ofRecord = (asOf: string | null, evidence: string | null = null): string =>
  asOf
    ? ` Our record ${evidence ? 'of' : 'is of'} ${dayInFull(marketplaceDateAt(new Date(asOf)))}${evidence ? ` says “${evidence}”` : ''}.`
    : '';

/** A condition that is met again, and our record of it. */
export const restoredLine = ({ name: condition, evidence, asOf }: MetCondition): string =>
  `${conditionSentences[condition].name}.${ofRecord(asOf, evidence)}`;

const expirationLine = ({ subject, endsOn, asOf = null }: StoredExpiration): string =>
  `${
    subject === 'registration'
      ? `Your Individual Marketplace registration ends on ${dayInFull(endsOn)}.`
      : `Your license in ${subject} ends on ${dayInFull(endsOn)}.`
  }${ofRecord(asOf)}`;

const stateLine = ({ state, because, asOf }: StoredStateRecord): string =>
  `${state}: ${because ? profileSentences.stateObstacle[because] : 'Your license is in order.'}${ofRecord(asOf)}`;

export const mailAboutStanding: Pick<
  MailSentences,
  | 'invitation-late'
  | 'terms-needed'
  | 'suspended'
  | 'held'
  | 'released'
  | 'states-changed'
  | 'expiring-soon'
  | 'address-changed'
> = {
  'invitation-late': ({ firstName, planYear, unmet, newToMarketplace, isRegistered, loginUrl }) => ({
    subject: isRegistered
      ? `What is still missing for plan year ${planYear}`
      : 'Why your Help On Demand invitation has not come yet',
    paragraphs: [
      hello(firstName),
      isRegistered
        ? `You have completed the training for plan year ${planYear}, and usually you are active for it within about two business days. You are not yet, because this is still missing:`
        : `You have completed the training for plan year ${planYear}, and your invitation to Help On Demand usually follows within about two business days. It has not been sent yet, because this is still missing:`,
      unmet.map(unmetLine),
      ...(newToMarketplace
        ? [
            'You are new to the Marketplace: it may take additional time to verify your state licensure information with NIPR.',
          ]
        : []),
      isRegistered
        ? 'You do not need to write to us when it is done, or to register again: you become active automatically once the registries have told us. You keep your log-in.'
        : 'You do not need to write to us when it is done: the invitation follows automatically once the registries have told us.',
    ],
    ...(isRegistered ? { action: { label: 'See your checklist', url: loginUrl } } : {}),
    footer: agentFooter,
  }),
  'terms-needed': ({ firstName, planYear, missing, loginUrl }) => ({
    subject: 'Please accept the terms to receive referrals',
    paragraphs: [
      hello(firstName),
      `Before you can be offered referrals for plan year ${planYear}, please log in with the username and password you have, read and accept:`,
      missing.map((kind) => names.terms[kind]),
      'Nothing else has to be done again. You will not get another registration email.',
    ],
    action: { label: 'Log in and accept', url: loginUrl },
    footer: agentFooter,
  }),
  suspended: ({ firstName, planYear, causes, unmet, carriesOn, loginUrl }) => ({
    subject: carriesOn
      ? `Something is missing for plan year ${planYear}`
      : 'You receive no referrals for now',
    paragraphs: [
      hello(firstName),
      carriesOn
        ? `Something that Help On Demand needs for plan year ${planYear} is missing. For plan year ${carriesOn} you are active, so you go on being offered referrals.`
        : `Something that Help On Demand needs for plan year ${planYear} is missing, so you are offered no referrals for now:`,
      [
        ...unmet.map(unmetLine),
        ...causes
          .filter((cause) => !(cause in conditionSentences) && cause !== 'license-not-found')
          .map(
            (cause) =>
              `${capitalized(onboardingSentences.onboardingCause[cause])}. Please write to the help desk.`,
          ),
      ],
      carriesOn
        ? 'Nothing else is lost. Once this is corrected and the registries have told us, you are active for both years again.'
        : 'Nothing else is lost. Once this is corrected and the registries have told us, you receive referrals again without doing anything else.',
    ],
    action: { label: 'See your checklist', url: loginUrl },
    footer: agentFooter,
  }),
  held: ({ firstName, loginUrl }) => ({
    subject: 'Your Help On Demand account is on hold',
    paragraphs: [
      hello(firstName),
      'Our operations team has put your account on hold. Until they release it, you are offered no referrals, and we ask other agents to help the consumers you had. Please do not contact them.',
      linked`This has nothing to do with your registration, your training or your licenses, so there is nothing to correct there. To learn why, or to have it looked at again, write to the help desk: ${mailLink(helpContacts.helpDesk)}`,
      'We email you when the hold ends.',
    ],
    action: { label: 'See your checklist', url: loginUrl },
    footer: agentFooter,
  }),
  released: ({ firstName, missing, loginUrl }) => ({
    subject: missing.length > 0 ? 'Your hold has ended: please accept the terms' : 'Your hold has ended',
    paragraphs: [
      hello(firstName),
      ...(missing.length > 0
        ? [
            'Our operations team has released your account. Before you can be offered referrals again, please log in, read and accept:',
            missing.map((kind) => names.terms[kind]),
          ]
        : [
            'Our operations team has released your account, so you can be offered referrals again from now on.',
            'Please check that your contact information, languages and states are still right.',
          ]),
    ],
    action:
      missing.length > 0
        ? { label: 'Log in and accept', url: loginUrl }
        : { label: 'Open your inbox', url: loginUrl },
    footer: agentFooter,
  }),
  'states-changed': ({ firstName, planYear, lost, gained, records, loginUrl }) => ({
    subject:
      lost.length > 0 ? `No referrals from ${list(lost)} for now` : `Referrals from ${list(gained)} again`,
    paragraphs: [
      hello(firstName),
      ...(lost.length > 0
        ? [
            `We no longer have an active license of yours with a health-related line of authority on record for ${list(lost)}, so for plan year ${planYear} you are offered no referrals from there. Other states are not affected.`,
            linked`If this is not right, compare your entry at ${webLink(helpContacts.nipr)}. Once the license is active again, you receive referrals from there without doing anything else.`,
          ]
        : []),
      ...(gained.length > 0
        ? [`Your license for ${list(gained)} is in order, so you can be offered referrals from there.`]
        : []),
      ...(records.length > 0 ? ['What we have on record:', records.map(stateLine)] : []),
    ],
    action: { label: 'See your checklist', url: loginUrl },
    footer: agentFooter,
  }),
  'expiring-soon': ({ firstName, planYear, expirations, loginUrl }) => ({
    subject: 'Something that your referrals depend on ends soon',
    paragraphs: [
      hello(firstName),
      `You are offered referrals for plan year ${planYear}. They depend on this, which ends soon:`,
      expirations.map(expirationLine),
      linked`Renew a license with its state, and a registration at ${webLink(helpContacts.cmsPortal)}, and nothing changes. Otherwise the referrals that depend on it stop after that day.`,
    ],
    action: { label: 'See your checklist', url: loginUrl },
    footer: agentFooter,
  }),
  'address-changed': ({ firstName }) => ({
    subject: 'Your email address for Help On Demand has changed',
    paragraphs: [
      hello(firstName),
      'Your MLMS profile has another email address now, so our emails go to that one from today. This message is sent to the old and the new address, once.',
      linked`If you did not change it, log in at ${webLink(helpContacts.cmsPortal)} and correct it, and write to the help desk.`,
    ],
    footer: agentFooter,
  }),
};
