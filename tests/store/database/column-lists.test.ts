import { expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { roles } from '../../../domain/accounts/roles.ts';
import { departureCauses } from '../../../domain/agents/departures.ts';
import { restEnds } from '../../../domain/agents/rests.ts';
import { feedImportStates, feedOrigins } from '../../../domain/feeds/feed-imports.ts';
import type { AgentWish } from '../../../domain/matching/agent-wish.ts';
import { skipKinds } from '../../../domain/matching/skips.ts';
import {
  type ContactChannel,
  channels,
  contactPreferences,
  lineTypes,
  messageLanguages,
  type PhoneChannel,
} from '../../../domain/notifications/contact.ts';
import type { TextReplyKind } from '../../../domain/notifications/read-reply.ts';
import {
  feedKinds,
  type LicenseRow,
  type RegistrationRow,
  type TerminationRow,
} from '../../../domain/onboarding/evidence.ts';
import { termsKinds } from '../../../domain/onboarding/facts.ts';
import { invitationEnds } from '../../../domain/onboarding/invitation.ts';
import type { Marketplace } from '../../../domain/onboarding/marketplaces.ts';
import { consentGivers, consentKinds } from '../../../domain/referrals/consumer-contact.ts';
import { contactWays } from '../../../domain/referrals/contact-times.ts';
import { attemptWays, isInterim, outcomes, problemKinds } from '../../../domain/referrals/referral.ts';
import { waitingPeriods } from '../../../domain/referrals/waiting-times.ts';
import { actors } from '../../../domain/stages.ts';
import type { NewPasskey } from '../../../store/accounts/passkeys.ts';
import { destructionCauses } from '../../../store/encryption/destroyed-keys.ts';
import type { EventSubject } from '../../../store/events.ts';
import type { LookupResult } from '../../../store/feeds/license-lookups.ts';
import type { Delivery } from '../../../store/notifications/deliveries.ts';
import type { StoppedBy } from '../../../store/notifications/text-opt-outs.ts';
import type { TextDecision } from '../../../store/notifications/unclear-replies.ts';
import type { OutboxMessage } from '../../../store/outbox.ts';
import type { DisclosureMedium } from '../../../store/referrals/offers/disclosures.ts';
import { openActivityHarness } from '../../harness/activity-harness.ts';

/** The members of a union, complete by its type. */
const all = <Member extends string>(members: Record<Member, true>) => Object.keys(members);

const phoneChannels = all<PhoneChannel>({ text: true, voice: true });
const contactChannels = all<ContactChannel>({ text: true, email: true });
const licenseClasses = all<LicenseRow['licenseClass']>({ Producer: true, 'Business Entity': true });

/** The list that the code has for each column whose values the database lists. */
const lists: Readonly<Record<string, readonly string[]>> = {
  'accounts.role': roles,
  'agent_skips.kind': skipKinds,
  'agents.contact_preference': contactPreferences,
  'agents.left_because': departureCauses,
  'agents.left_by': all<'agent' | 'ops'>({ agent: true, ops: true }),
  'agents.message_language': messageLanguages,
  'agents.phone_line_type': lineTypes,
  'consent_documents.kind': consentKinds,
  'destroyed_keys.because': destructionCauses,
  'consents.given_by': consentGivers,
  'contact_changes.channel': contactChannels,
  'contact_changes.phone_over': phoneChannels,
  'contact_codes.phone_over': phoneChannels,
  'contact_keys.channel': contactChannels,
  'deliveries.channel': channels,
  'deliveries.status': all<Delivery['status']>({
    pending: true,
    sent: true,
    delivered: true,
    refused: true,
    lapsed: true,
    bounced: true,
    complained: true,
  }),
  'disclosures.shown': all<'offer' | 'contact'>({ offer: true, contact: true }),
  'disclosures.through': all<DisclosureMedium>({ portal: true, link: true }),
  'events.by': actors,
  'events.subject_kind': all<EventSubject['kind']>({ onboarding: true, referral: true }),
  'feed_imports.ended_as': feedImportStates.filter((state) => state !== 'under-way'),
  'feed_imports.kind': feedKinds,
  'feed_imports.origin': feedOrigins,
  'feed_keys.feeds': feedKinds,
  'feed_pulls.ended_as': all<'imported' | 'refused' | 'replaced'>({
    imported: true,
    refused: true,
    replaced: true,
  }),
  'feed_releases.kind': feedKinds,
  'invitations.ended_as': invitationEnds,
  'license_lookups.ended_as': all<LookupResult>({ found: true, none: true, outage: true }),
  'licenses.license_class': licenseClasses,
  'looked_up_licenses.license_class': licenseClasses,
  'marketplaces.kind': all<Marketplace['kind']>({ FFM: true, 'SBM-FP': true, SBM: true }),
  'offers.attempted_how': attemptWays,
  'offers.ended_by': actors.filter((actor) => actor !== 'ops'),
  'offers.milestone': outcomes.filter(isInterim),
  'outbox.type': all<OutboxMessage['type']>({
    'start-onboarding': true,
    'wake-onboarding': true,
    'start-referral': true,
    'wake-referral': true,
    'rescind-offer': true,
    'offer-unreachable': true,
    'close-referral': true,
    'withdraw-referral': true,
    'send-notice': true,
  }),
  'passkeys.device_type': all<NewPasskey['deviceType']>({ singleDevice: true, multiDevice: true }),
  'problem_reports.kind': problemKinds,
  'referrals.agent_wish': all<AgentWish['by']>({ npn: true, name: true, 'helped-before': true }),
  'referrals.contact_by': contactWays,
  'terminations.marketplaces': all<TerminationRow['marketplaces']>({
    BOTH: true,
    INDIVIDUAL: true,
    SHOP: true,
  }),
  'registration_completions.npn_valid': all<RegistrationRow['npnValid']>({ Y: true, N: true, '-': true }),
  'registration_completions.npn_valid_kept': all<NonNullable<RegistrationRow['npnValidKept']>>({
    Y: true,
    N: true,
  }),
  'rests.ended_by': restEnds,
  'terms_documents.kind': termsKinds,
  'test_offer_answers.channel': channels.filter((channel) => channel !== 'voice'),
  'text_opt_outs.stopped_by': all<StoppedBy>({ reply: true, 'unclear-reply': true, provider: true }),
  // neither read nor written any more
  'text_replies.kind': ['stop', 'start', 'help', 'accept', 'decline', 'unclear'],
  'text_replies.kinds': all<TextReplyKind>({
    stop: true,
    start: true,
    help: true,
    accept: true,
    decline: true,
    unclear: true,
    attempt: true,
    automatic: true,
  }),
  'text_stop_decisions.texts': all<TextDecision>({ again: true, off: true }),
  'waiting_times.period': waitingPeriods,
};

test('the database allows in each column exactly the values that the code has for it', async () => {
  const harness = await openActivityHarness();
  try {
    const { rows } = await sql<{ column: string; definition: string }>`
      select t.relname || '.' || a.attname as column, pg_get_constraintdef(c.oid) as definition
      from pg_constraint c
      join pg_class t on t.oid = c.conrelid
      join pg_attribute a on a.attrelid = t.oid and a.attnum = c.conkey[1]
      where c.contype = 'c' and cardinality(c.conkey) = 1 and pg_get_constraintdef(c.oid) like '%ARRAY[%'`.execute(
      harness.db,
    );
    const allowed = rows.map(({ column, definition }) => {
      const members = [...definition.matchAll(/'([^']*)'::text/g)].map(([, member = '']) => member);
      return [column, members.toSorted()];
    });
    const listed = Object.entries(lists).map(([column, members]) => [column, members.toSorted()]);
    expect(Object.fromEntries(allowed)).toEqual(Object.fromEntries(listed));
  } finally {
    await harness.close();
  }
});
