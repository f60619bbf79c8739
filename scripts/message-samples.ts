import type { TimeContext } from '../domain/text/locale-format.ts';
import type { NoticeData } from '../domain/text/notice-data.ts';

/** 10 a.m. in Phoenix, where the clock is never changed. */
export const sampleNow = new Date('2026-11-23T17:00:00Z');
export const when: TimeContext = { now: sampleNow, timeZone: 'America/Phoenix' };
export const inMinutes = (minutes: number) => new Date(sampleNow.getTime() + minutes * 60_000);

export const sampleToken = 'Zk3h9dJx0pQm7yTt2cVvB5n8LwErAsDfGhJkLmNbVcX';
const site = 'https://www.helpondemand.example';
const agent = { firstName: 'Maria', planYear: 2027 };
const consumerName = 'Quentin Zamborsky';
const statusUrl = `${site}/status/0f0a63f2-5b0e-4a5f-8f2c-0d6f3a1a9b11#${sampleToken}`;
const place = { zip: '85001', city: 'Phoenix', state: 'AZ' };
const loginUrl = `${site}/login`;

const unmet = [
  {
    name: 'licensed-with-health-line' as const,
    because: 'license-expired' as const,
    evidence: 'AZ 2026-10-31',
    asOf: sampleNow.toISOString(),
  },
  { name: 'cms-agreements' as const, evidence: '2026-09-11', asOf: null },
];

/** Sample data of each kind of notice. */
export const noticeData: { [K in keyof NoticeData]: NoticeData[K] } = {
  invitation: {
    ...agent,
    issuedAt: sampleNow,
    expiresAt: inMinutes(48 * 60),
    registerUrl: `${site}/register#${sampleToken}`,
  },
  'invitation-reminder': {
    ...agent,
    expiresAt: inMinutes(12 * 60),
    registerUrl: `${site}/register#${sampleToken}`,
  },
  'registration-confirmed': { ...agent, loginUrl },
  'terms-reminder': { ...agent, missing: ['agents-and-brokers-terms-of-use'], loginUrl },
  active: { ...agent, loginUrl, languages: ['en', 'es'], states: ['AZ', 'TX'] },
  'active-again': {
    ...agent,
    restored: [{ name: 'licensed-with-health-line', evidence: 'AZ TX', asOf: sampleNow.toISOString() }],
    loginUrl,
  },
  'invitation-late': { ...agent, unmet, newToMarketplace: true, isRegistered: false, loginUrl },
  'terms-needed': { ...agent, missing: ['terms-of-use'], loginUrl },
  suspended: { ...agent, causes: ['licensed-with-health-line', 'held'], unmet, carriesOn: null, loginUrl },
  'states-changed': {
    ...agent,
    lost: ['AZ', 'TX'],
    gained: ['FL'],
    records: [
      { state: 'AZ', because: 'license-expired', asOf: sampleNow.toISOString() },
      { state: 'TX', because: 'no-license', asOf: null },
      { state: 'FL', because: null, asOf: sampleNow.toISOString() },
    ],
    loginUrl,
  },
  held: { firstName: 'Maria', loginUrl },
  released: { ...agent, missing: ['terms-of-use'], loginUrl },
  'expiring-soon': {
    ...agent,
    expirations: [
      { subject: 'registration', endsOn: '2026-12-31' },
      { subject: 'AZ', endsOn: '2027-01-31' },
    ],
    loginUrl,
  },
  'address-changed': agent,
  'status-answer': {
    ...agent,
    stage: 'suspended',
    causes: ['licensed-with-health-line', 'held'],
    unmet,
    linkExpiresAt: null,
    retryAt: null,
    newToMarketplace: false,
    isRegistered: true,
    otherYears: [{ planYear: 2028, unmet }],
    loginUrl,
  },
  'log-in-reminder': { ...agent, username: 'maria.lopez', loginUrl },
  'password-reset': {
    firstName: 'Maria',
    expiresAt: inMinutes(15),
    resetUrl: `${site}/reset-password#${sampleToken}`,
  },
  'credentials-changed': {
    firstName: 'Maria',
    change: 'password-changed',
    changedAt: sampleNow,
    forgotUrl: `${site}/forgot-password`,
  },
  'codes-refused': { firstName: 'Maria', changedAt: sampleNow, forgotUrl: `${site}/forgot-password` },
  'phone-changed': { firstName: 'Maria', changedAt: sampleNow, forgotUrl: `${site}/forgot-password` },
  lapsed: agent,
  'phone-code': { code: '048213', expiresAt: inMinutes(10) },
  'test-offer': {
    expiresAt: inMinutes(15),
    replyCode: '4821',
    answerUrl: `${site}/test-offer/0f0a63f2-5b0e-4a5f-8f2c-0d6f3a1a9b11#${sampleToken}`,
  },
  'hours-question': {
    firstName: 'Maria',
    unseenOffers: 3,
    confirmUrl: `${site}/hours/0f0a63f2-5b0e-4a5f-8f2c-0d6f3a1a9b11#${sampleToken}`,
    availabilityUrl: `${site}/availability`,
  },
  'phone-not-mobile': { ...agent, loginUrl },
  'channel-failed': {
    firstName: 'Maria',
    channel: 'email',
    because: 'mail-returned',
    availabilityUrl: `${site}/availability`,
  },
  offer: {
    answerUrl: `${site}/offer/0f0a63f2-5b0e-4a5f-8f2c-0d6f3a1a9b11#${sampleToken}`,
    ...place,
    language: 'es',
    need: 'life-event',
    expiresAt: inMinutes(15),
    replyCode: '4821',
  },
  'offer-nudge': {
    answerUrl: `${site}/offer/0f0a63f2-5b0e-4a5f-8f2c-0d6f3a1a9b11#${sampleToken}`,
    ...place,
    expiresAt: inMinutes(10),
    replyCode: '4821',
  },
  'offer-over': { ...place, end: 'withdrawn', endedAt: inMinutes(-2), inboxUrl: `${site}/inbox` },
  'offer-taken': { ...place, takenAt: inMinutes(-1) },
  'contact-reminder': { ...place, contactDueAt: inMinutes(30), inboxUrl: `${site}/inbox` },
  'contact-code': { code: '048213', expiresAt: inMinutes(10), statusUrl },
  'contact-change-code': { channel: 'email', code: '048213', expiresAt: inMinutes(10) },
  'contact-changed': { channel: 'text', changedAt: sampleNow },
  'link-resent': { consumerName, statusUrl },
  'referral-received': { consumerName, statusUrl, opensAt: null },
  'contact-wrong': { consumerName, statusUrl },
  'agent-found': {
    consumerName,
    agentName: 'Maria Lopez',
    npn: '1234567890',
    license: { state: 'AZ', number: '00123456' },
    contactBy: 'relay',
    contactDueAt: inMinutes(60),
    statusUrl,
  },
  'agent-tried': {
    consumerName,
    agentName: 'Maria Lopez',
    npn: '1234567890',
    triedAt: sampleNow,
    how: 'voicemail',
    nextTryAt: inMinutes(20 * 60),
    contactBy: 'call',
    statusUrl,
  },
  'agent-gone': { consumerName, agentName: 'Maria Lopez', statusUrl },
  unmatched: { consumerName, contactWrong: false, consentExpired: false, askUrl: `${site}/help` },
  closed: { consumerName, outcome: 'enrolled', askUrl: `${site}/help` },
};
