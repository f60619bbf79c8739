import { greetingName } from '../../../domain/agents/agent-name.ts';
import type { Channel } from '../../../domain/notifications/contact.ts';
import type { NoticeKind } from '../../../domain/notifications/notices.ts';
import { termsKinds } from '../../../domain/onboarding/facts.ts';
import type { NoticeData } from '../../../domain/text/notice-data.ts';
import { nameFaultsOf } from '../../../domain/values/typed-text.ts';
import type { StoredNotice } from '../../../store/notifications/stored-notices.ts';
import { contactCode, linkToken, phoneCode } from '../../../store/tokens.ts';

/** What links in notices are made of. */
export interface LinkSettings {
  linkSecret: string;
  /** Where the world sees the portal, without a slash at its end. */
  publicUrl: string;
}

/** What a notice is written for: one channel, on which its recipient is known or is not. */
interface Writing extends LinkSettings {
  channel: Channel;
}

/** What the words of each kind are made from. Offers are never given the consumer, who is not even read for them. */
export const noticeDataOf: {
  [K in NoticeKind]: (notice: StoredNotice, writing: Writing) => NoticeData[K];
} = {
  invitation: (notice, links) => ({
    ...toAgent(notice),
    ...invited(notice, links),
    issuedAt: given(notice.invitation, 'invitation').issuedAt,
  }),
  'invitation-reminder': (notice, links) => ({ ...toAgent(notice), ...invited(notice, links) }),
  'registration-confirmed': (notice, links) => ({ ...toAgent(notice), loginUrl: loginUrl(links) }),
  'invitation-late': (notice, links) => ({
    ...toAgent(notice),
    unmet: notice.data.unmet ?? [],
    newToMarketplace: notice.training?.newToMarketplace ?? false,
    isRegistered: given(notice.agent, 'agent').registeredAt !== null,
    loginUrl: loginUrl(links),
  }),
  'terms-needed': ofTerms,
  'terms-reminder': ofTerms,
  active: (notice, links) => {
    const { languages, statesWanted: states } = given(notice.agent, 'agent');
    return { ...toAgent(notice), loginUrl: loginUrl(links), languages, states };
  },
  'active-again': (notice, links) => ({
    ...toAgent(notice),
    restored: notice.data.restored ?? [],
    loginUrl: loginUrl(links),
  }),
  suspended: (notice, links) => ({
    ...toAgent(notice),
    causes: notice.onboarding?.causes ?? [],
    unmet: notice.data.unmet ?? [],
    carriesOn: notice.data.carriesOn ?? null,
    loginUrl: loginUrl(links),
  }),
  'states-changed': (notice, links) => {
    const { lost = [], gained = [], records = [] } = notice.data;
    return { ...toAgent(notice), lost, gained, records, loginUrl: loginUrl(links) };
  },
  'ending-soon': (notice, links) => ({
    ...toAgent(notice),
    endings: notice.data.endings ?? [],
    loginUrl: loginUrl(links),
  }),
  'address-changed': toAgent,
  'status-answer': (notice, links) => {
    const { linkExpiresAt, retryAt, ...asked } = given(notice.data.asked, 'standing');
    return {
      ...toAgent(notice),
      otherYears: [],
      ...asked,
      unmet: notice.data.unmet ?? [],
      linkExpiresAt: linkExpiresAt === null ? null : new Date(linkExpiresAt),
      retryAt: retryAt ? new Date(retryAt) : null,
      loginUrl: loginUrl(links),
    };
  },
  'log-in-reminder': (notice, links) => ({
    ...toAgent(notice),
    username: given(notice.username, 'username'),
    loginUrl: loginUrl(links),
  }),
  'phone-code': ({ phoneCode: kept }, { linkSecret }) => {
    const { id, expiresAt } = given(kept, 'code');
    return { code: phoneCode(linkSecret, id), expiresAt };
  },
  'phone-not-mobile': (notice, links) => ({ ...toAgent(notice), loginUrl: loginUrl(links) }),
  lapsed: toAgent,
  offer: (notice, links) => {
    const { language, need } = given(notice.referral, 'referral');
    const { id, expiresAt, shortCode } = given(notice.offer, 'offer');
    const answerUrl = `${links.publicUrl}/offer/${id}#${linkToken(links.linkSecret, 'offer', id)}`;
    return { ...placeOf(notice), language, need, expiresAt, replyCode: shortCode, answerUrl };
  },
  'offer-over': (notice, links) => {
    const { endedAs, endedAt } = given(notice.offer, 'offer');
    return {
      ...placeOf(notice),
      end: given(endedAs, 'end'),
      endedAt: given(endedAt, 'end'),
      inboxUrl: inboxUrl(links),
    };
  },
  'contact-reminder': (notice, links) => ({
    ...placeOf(notice),
    contactDueAt: given(given(notice.offer, 'offer').contactDueAt, 'time to call'),
    inboxUrl: inboxUrl(links),
  }),
  'contact-code': (notice, links) => {
    const { channel } = given(notice.data.contactCode, 'code');
    const { id, expiresAt } = given(notice.contactCode, 'code');
    const code = contactCode(links.linkSecret, { id, channel });
    return { code, expiresAt, statusUrl: statusUrl(notice, links) };
  },
  'contact-change-code': ({ contactChange }, { linkSecret }) => {
    const { codeId, channel, codeExpiresAt } = given(contactChange, 'change of contact');
    const code = contactCode(linkSecret, { id: given(codeId, 'code'), channel });
    return { channel, code, expiresAt: given(codeExpiresAt, 'end of the code') };
  },
  'contact-changed': ({ contactChange }) => {
    const { channel, madeAt } = given(contactChange, 'change of contact');
    return { channel, changedAt: given(madeAt, 'moment of the change') };
  },
  'link-again': (notice, links) => ({ ...toConsumer(notice, links), statusUrl: statusUrl(notice, links) }),
  'referral-received': (notice, links) => {
    const { opensAt } = given(notice.referral, 'referral');
    const isClosed = opensAt !== null && opensAt > notice.createdAt;
    return {
      ...toConsumer(notice, links),
      statusUrl: statusUrl(notice, links),
      opensAt: isClosed ? opensAt : null,
    };
  },
  'agent-found': (notice, links) => {
    const { agentName, npn, contactDueAt, licenseNumber: number } = given(notice.offer, 'offer');
    const { state, contactBy } = given(notice.referral, 'referral');
    return {
      ...toConsumer(notice, links),
      agentName,
      npn,
      license: number === null ? null : { state, number },
      contactBy,
      contactDueAt: given(contactDueAt, 'time to call'),
      statusUrl: statusUrl(notice, links),
    };
  },
  'agent-gone': (notice, links) => {
    const { agentName } = given(notice.offer, 'offer');
    return { ...toConsumer(notice, links), agentName, statusUrl: statusUrl(notice, links) };
  },
  'contact-wrong': (notice, links) => ({ ...toConsumer(notice, links), statusUrl: statusUrl(notice, links) }),
  unmatched: (notice, links) => ({
    ...toConsumer(notice, links),
    contactWrong: given(notice.referral, 'referral').contactWrong,
    consentExpired: given(notice.referral, 'referral').consentExpired,
    askUrl: `${links.publicUrl}/help`,
  }),
  closed: (notice, links) => {
    const { outcome } = given(notice.referral, 'referral');
    return { ...toConsumer(notice, links), outcome, askUrl: `${links.publicUrl}/help` };
  },
};

/** A notice without what its kind tells of is a fault of ours, never of the person. */
function given<T>(value: T | null | undefined, name: string): T {
  if (value === undefined || value === null) throw new TypeError(`The notice lacks its ${name}.`);
  return value;
}

function toAgent({ agent, planYear }: StoredNotice) {
  return { firstName: agent ? greetingName(agent) : '', planYear: given(planYear, 'plan year') };
}

function ofTerms(notice: StoredNotice, links: LinkSettings) {
  const missing = termsKinds.filter((kind) => notice.onboarding?.causes.includes(kind));
  return { ...toAgent(notice), missing, loginUrl: loginUrl(links) };
}

/**
 * The name goes where a code was entered, and nowhere else: whoever asks for help types a name and an address, and both
 * may be chosen for somebody who never asked. A name that was saved before names were checked stays out as well.
 */
function toConsumer({ consumer, toAddress }: StoredNotice, { channel }: Writing) {
  const { name, confirmedChannels } = given(consumer, 'consumer');
  const isConfirmed = toAddress === null && confirmedChannels.some((one) => one === channel);
  return { consumerName: isConfirmed && nameFaultsOf(name).length === 0 ? name : '' };
}

function invited({ invitation }: StoredNotice, { linkSecret, publicUrl }: LinkSettings) {
  const { id, expiresAt } = given(invitation, 'invitation');
  return { expiresAt, registerUrl: `${publicUrl}/register#${linkToken(linkSecret, 'invitation', id)}` };
}

function placeOf({ referral }: StoredNotice) {
  const { zip, city, state } = given(referral, 'referral');
  return { zip, city, state };
}

function statusUrl({ referral }: StoredNotice, { linkSecret, publicUrl }: LinkSettings): string {
  const { id } = given(referral, 'referral');
  return `${publicUrl}/status/${id}#${linkToken(linkSecret, 'referral', id)}`;
}

const loginUrl = ({ publicUrl }: LinkSettings) => `${publicUrl}/login`;
const inboxUrl = ({ publicUrl }: LinkSettings) => `${publicUrl}/inbox`;
