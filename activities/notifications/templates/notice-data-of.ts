import { greetingName } from '../../../domain/agents/agent-name.ts';
import type { Channel } from '../../../domain/notifications/contact.ts';
import type { NoticeKind } from '../../../domain/notifications/notices.ts';
import { termsKinds } from '../../../domain/onboarding/facts.ts';
import type { NoticeData } from '../../../domain/text/notice-data.ts';
import { nameFaultsOf } from '../../../domain/values/text-checks.ts';
import type { StoredNotice } from '../../../store/notifications/stored-notices.ts';
import { contactCode, linkToken, phoneCode } from '../../../store/tokens.ts';

/** Settings that links in notices are made from. */
export interface LinkSettings {
  linkSecret: string;
  /** The public address of the portal, without a slash at its end. */
  publicUrl: string;
}

/** The channel that a notice is composed for. A consumer is named only on a channel that they confirmed. */
interface NoticeContext extends LinkSettings {
  channel: Channel;
}

/** Template data for each kind of notice. An offer never contains the consumer, whose data is not even read for it. */
export const noticeDataOf: {
  [K in NoticeKind]: (notice: StoredNotice, writing: NoticeContext) => NoticeData[K];
} = {
  invitation: (notice, links) => ({
    ...agentFields(notice),
    ...invitationFields(notice, links),
    issuedAt: requireValue(notice.invitation, 'invitation').issuedAt,
  }),
  'invitation-reminder': (notice, links) => ({ ...agentFields(notice), ...invitationFields(notice, links) }),
  'registration-confirmed': (notice, links) => ({ ...agentFields(notice), loginUrl: loginUrl(links) }),
  'invitation-late': (notice, links) => ({
    ...agentFields(notice),
    unmet: notice.data.unmet ?? [],
    newToMarketplace: notice.training?.newToMarketplace ?? false,
    isRegistered: requireValue(notice.agent, 'agent').registeredAt !== null,
    loginUrl: loginUrl(links),
  }),
  'terms-needed': termsFields,
  'terms-reminder': termsFields,
  active: (notice, links) => {
    const { languages, statesWanted: states } = requireValue(notice.agent, 'agent');
    return { ...agentFields(notice), loginUrl: loginUrl(links), languages, states };
  },
  'active-again': (notice, links) => ({
    ...agentFields(notice),
    restored: notice.data.restored ?? [],
    loginUrl: loginUrl(links),
  }),
  suspended: (notice, links) => ({
    ...agentFields(notice),
    causes: notice.onboarding?.causes ?? [],
    unmet: notice.data.unmet ?? [],
    carriesOn: notice.data.carriesOn ?? null,
    loginUrl: loginUrl(links),
  }),
  held: (notice, links) => ({ firstName: greetingOf(notice), loginUrl: loginUrl(links) }),
  released: (notice, links) => {
    const { firstName, missing, loginUrl: url } = termsFields(notice, links);
    return { firstName, missing, loginUrl: url };
  },
  'states-changed': (notice, links) => {
    const { lost = [], gained = [], records = [] } = notice.data;
    return { ...agentFields(notice), lost, gained, records, loginUrl: loginUrl(links) };
  },
  'expiring-soon': (notice, links) => ({
    ...agentFields(notice),
    expirations: notice.data.expirations ?? [],
    loginUrl: loginUrl(links),
  }),
  'address-changed': agentFields,
  'status-answer': (notice, links) => {
    const { linkExpiresAt, retryAt, ...asked } = requireValue(notice.data.asked, 'standing');
    return {
      ...agentFields(notice),
      otherYears: [],
      ...asked,
      unmet: notice.data.unmet ?? [],
      linkExpiresAt: linkExpiresAt === null ? null : new Date(linkExpiresAt),
      retryAt: retryAt ? new Date(retryAt) : null,
      loginUrl: loginUrl(links),
    };
  },
  'log-in-reminder': (notice, links) => ({
    ...agentFields(notice),
    username: requireValue(notice.username, 'username'),
    loginUrl: loginUrl(links),
  }),
  'password-reset': (notice, { linkSecret, publicUrl }) => {
    const { id, expiresAt } = requireValue(notice.passwordReset, 'link');
    return {
      firstName: greetingOf(notice),
      expiresAt,
      resetUrl: `${publicUrl}/reset-password#${linkToken(linkSecret, 'password-reset', id)}`,
    };
  },
  'credentials-changed': (notice, links) => ({
    ...accountChangeFields(notice, links),
    change: requireValue(notice.data.credentialChange, 'change'),
  }),
  'codes-refused': accountChangeFields,
  'phone-changed': accountChangeFields,
  'phone-code': ({ phoneCode: stored }, { linkSecret }) => {
    const { id, expiresAt } = requireValue(stored, 'code');
    return { code: phoneCode(linkSecret, id), expiresAt };
  },
  'phone-not-mobile': (notice, links) => ({ ...agentFields(notice), loginUrl: loginUrl(links) }),
  'channel-failed': (notice, { publicUrl }) => ({
    firstName: greetingOf(notice),
    ...requireValue(notice.failedChannel, 'failed channel'),
    availabilityUrl: `${publicUrl}/availability`,
  }),
  'test-offer': (notice, links) => {
    const { expiresAt, shortCode: replyCode } = requireValue(notice.testOffer, 'test offer');
    return { expiresAt, replyCode, answerUrl: `${links.publicUrl}${testOfferPath(notice, links)}` };
  },
  'hours-question': (notice, { linkSecret, publicUrl }) => {
    const { id, unseenOffers } = requireValue(notice.rest, 'rest');
    return {
      firstName: greetingOf(notice),
      unseenOffers,
      confirmUrl: `${publicUrl}/hours/${id}#${linkToken(linkSecret, 'rest', id)}`,
      availabilityUrl: `${publicUrl}/availability`,
    };
  },
  lapsed: agentFields,
  offer: (notice, links) => {
    const { language, need } = requireValue(notice.referral, 'referral');
    return { ...answerFields(notice, links), language, need };
  },
  'offer-nudge': answerFields,
  'offer-over': (notice, links) => {
    const { endedAs, endedAt } = requireValue(notice.offer, 'offer');
    return {
      ...placeFields(notice),
      end: requireValue(endedAs, 'end'),
      endedAt: requireValue(endedAt, 'end'),
      inboxUrl: inboxUrl(links),
    };
  },
  'offer-taken': (notice) => ({
    ...placeFields(notice),
    takenAt: requireValue(requireValue(notice.offer, 'offer').endedAt, 'end'),
  }),
  'contact-reminder': (notice, links) => ({
    ...placeFields(notice),
    contactDueAt: requireValue(requireValue(notice.offer, 'offer').contactDueAt, 'time to call'),
    inboxUrl: inboxUrl(links),
  }),
  'contact-code': (notice, links) => {
    const { channel } = requireValue(notice.data.contactCode, 'code');
    const { id, expiresAt } = requireValue(notice.contactCode, 'code');
    const code = contactCode(links.linkSecret, { id, channel });
    return { code, expiresAt, statusUrl: statusUrl(notice, links) };
  },
  'contact-change-code': ({ contactChange }, { linkSecret }) => {
    const { codeId, channel, codeExpiresAt } = requireValue(contactChange, 'change of contact');
    const code = contactCode(linkSecret, { id: requireValue(codeId, 'code'), channel });
    return { channel, code, expiresAt: requireValue(codeExpiresAt, 'end of the code') };
  },
  'contact-changed': ({ contactChange }) => {
    const { channel, madeAt } = requireValue(contactChange, 'change of contact');
    return { channel, changedAt: requireValue(madeAt, 'moment of the change') };
  },
  'link-resent': (notice, links) => ({
    ...consumerFields(notice, links),
    statusUrl: statusUrl(notice, links),
  }),
  'referral-received': (notice, links) => {
    const { opensAt } = requireValue(notice.referral, 'referral');
    const isClosed = opensAt !== null && opensAt > notice.createdAt;
    return {
      ...consumerFields(notice, links),
      statusUrl: statusUrl(notice, links),
      opensAt: isClosed ? opensAt : null,
    };
  },
  'agent-found': (notice, links) => {
    const { agentName, npn, contactDueAt, licenseNumber: number } = requireValue(notice.offer, 'offer');
    const { state, contactBy } = requireValue(notice.referral, 'referral');
    return {
      ...consumerFields(notice, links),
      agentName,
      npn,
      license: number === null ? null : { state, number },
      contactBy,
      contactDueAt: requireValue(contactDueAt, 'time to call'),
      statusUrl: statusUrl(notice, links),
    };
  },
  'agent-tried': (notice, links) => {
    const { agentName, npn, attemptedAt, attemptedHow, nextTryAt } = requireValue(notice.offer, 'offer');
    return {
      ...consumerFields(notice, links),
      agentName,
      npn,
      triedAt: requireValue(attemptedAt, 'try'),
      how: attemptedHow,
      nextTryAt: requireValue(nextTryAt, 'next try'),
      contactBy: requireValue(notice.referral, 'referral').contactBy,
      statusUrl: statusUrl(notice, links),
    };
  },
  'agent-gone': (notice, links) => {
    const { agentName } = requireValue(notice.offer, 'offer');
    return { ...consumerFields(notice, links), agentName, statusUrl: statusUrl(notice, links) };
  },
  'contact-wrong': (notice, links) => ({
    ...consumerFields(notice, links),
    statusUrl: statusUrl(notice, links),
  }),
  unmatched: (notice, links) => ({
    ...consumerFields(notice, links),
    contactWrong: requireValue(notice.referral, 'referral').contactWrong,
    consentExpired: requireValue(notice.referral, 'referral').consentExpired,
    askUrl: `${links.publicUrl}/help`,
  }),
  closed: (notice, links) => {
    const { outcome } = requireValue(notice.referral, 'referral');
    return { ...consumerFields(notice, links), outcome, askUrl: `${links.publicUrl}/help` };
  },
};

/**
 * The page that a push opens. An offer is answered there by its own token, because the session may have ended; a push service
 * cannot read what it carries (RFC 8291).
 */
export function pushPath(notice: StoredNotice, links: Pick<LinkSettings, 'linkSecret'>): string {
  if (notice.testOffer) return testOfferPath(notice, { ...links, channel: 'push' });
  return notice.kind === 'offer' || notice.kind === 'offer-nudge' ? offerPath(notice, links) : '/inbox';
}

/** The page on which an offer is answered. */
function offerPath({ offer }: StoredNotice, { linkSecret }: Pick<LinkSettings, 'linkSecret'>): string {
  const { id } = requireValue(offer, 'offer');
  return `/offer/${id}#${linkToken(linkSecret, 'offer', id)}`;
}

/** The page on which a test offer is answered: its token names the channel over which the link went. */
function testOfferPath(
  { testOffer }: StoredNotice,
  { linkSecret, channel }: Pick<NoticeContext, 'linkSecret' | 'channel'>,
): string {
  const { id } = requireValue(testOffer, 'test offer');
  return `/test-offer/${id}#${linkToken(linkSecret, 'test-offer', `${id}:${channel}`)}`;
}

/** Reads a value that every notice of its kind has. A missing one is a bug. */
function requireValue<T>(value: T | null | undefined, name: string): T {
  if (value === undefined || value === null) throw new TypeError(`The notice lacks its ${name}.`);
  return value;
}

const greetingOf = ({ agent }: StoredNotice) => (agent ? greetingName(agent) : '');

function agentFields(notice: StoredNotice) {
  return { firstName: greetingOf(notice), planYear: requireValue(notice.planYear, 'plan year') };
}

function accountChangeFields(notice: StoredNotice, { publicUrl }: LinkSettings) {
  const { createdAt: changedAt } = notice;
  return { firstName: greetingOf(notice), changedAt, forgotUrl: `${publicUrl}/forgot-password` };
}

function termsFields(notice: StoredNotice, links: LinkSettings) {
  const missing = termsKinds.filter((kind) => notice.onboarding?.causes.includes(kind));
  return { ...agentFields(notice), missing, loginUrl: loginUrl(links) };
}

/**
 * Names the consumer only on a channel that was confirmed with a code. Anybody can type a name and an address of
 * somebody else into the form. A name that was saved before names were checked is left out as well.
 */
function consumerFields({ consumer, toAddress }: StoredNotice, { channel }: NoticeContext) {
  const { name, confirmedChannels } = requireValue(consumer, 'consumer');
  const isConfirmed = toAddress === null && confirmedChannels.some((one) => one === channel);
  return { consumerName: isConfirmed && nameFaultsOf(name).length === 0 ? name : '' };
}

function invitationFields({ invitation }: StoredNotice, { linkSecret, publicUrl }: LinkSettings) {
  const { id, expiresAt } = requireValue(invitation, 'invitation');
  return { expiresAt, registerUrl: `${publicUrl}/register#${linkToken(linkSecret, 'invitation', id)}` };
}

function answerFields(notice: StoredNotice, links: LinkSettings) {
  const { expiresAt, shortCode: replyCode } = requireValue(notice.offer, 'offer');
  const answerUrl = `${links.publicUrl}${offerPath(notice, links)}`;
  return { ...placeFields(notice), expiresAt, replyCode, answerUrl };
}

function placeFields({ referral }: StoredNotice) {
  const { zip, city, state } = requireValue(referral, 'referral');
  return { zip, city, state };
}

function statusUrl({ referral }: StoredNotice, { linkSecret, publicUrl }: LinkSettings): string {
  const { id } = requireValue(referral, 'referral');
  return `${publicUrl}/status/${id}#${linkToken(linkSecret, 'referral', id)}`;
}

const loginUrl = ({ publicUrl }: LinkSettings) => `${publicUrl}/login`;
const inboxUrl = ({ publicUrl }: LinkSettings) => `${publicUrl}/inbox`;
