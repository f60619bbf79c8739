import type { Request } from 'express';
import { isServed, marketplaceOf } from '../../../domain/onboarding/marketplaces.ts';
import type { ConsentKind } from '../../../domain/referrals/consumer-contact.ts';
import { sentencesIn } from '../../../domain/text/catalog.ts';
import { marketplaceDateAt } from '../../../domain/time/marketplace-calendar.ts';
import type { LanguageCode } from '../../../domain/values/languages.ts';
import { kindOfPlace } from '../../../domain/values/territories.ts';
import type { Tx } from '../../../store/database/connection.ts';
import { readMarketplaces } from '../../../store/feeds/evidence.ts';
import type { GivenConsent } from '../../../store/referrals/consents.ts';
import { type ContactKey, deriveContactKeys } from '../../../store/referrals/contacts/contact-keys.ts';
import { findReferralByIdempotencyKey, type StoredReferral } from '../../../store/referrals/intake.ts';
import { type Place, type ResolvedPlace, resolvePlace } from '../../../store/zip-codes.ts';
import type { Deps } from '../../deps.ts';
import { type Checked, type ConsumerFault, joinChecks } from '../../http/checked.ts';
import type { HelpRequest } from '../../schemas/referrals/referrals.ts';
import { consentInForce } from './consents.ts';
import { idempotencyKeyHashes } from './idempotency-key.ts';

type Fields = Partial<HelpRequest>;

/** A request for help that is new, with what its check looked up. */
export interface NewRequest {
  /** Keys of its phone and its address. */
  contactKeys: readonly ContactKey[];
  /** Hashes of its Idempotency-Key, one with each contact. */
  idempotencyKeys: readonly [string, ...string[]];
  place: LocatedPlace;
  consent: ConsentVersion;
  textConsent: ConsentVersion | undefined;
}

/** A place as chosen by the consumer: the typed ZIP, and their state where the ZIP lies in several. */
type LocatedPlace = Place & { timeZone: string };

/** The version of a consent in force, in the language that the consumer saw. */
type ConsentVersion = Pick<GivenConsent, 'language' | 'version'>;

/**
 * Creates the check of a request for help beyond its schema. A request whose Idempotency-Key the same person has used
 * before is not checked again: its answer is the referral of the first.
 */
export function createIntakeCheck({ db, now, settings: { linkSecret } }: Deps) {
  return async (
    fields: Fields,
    { request }: { request: Request },
  ): Promise<Checked<{ earlier: StoredReferral } | NewRequest>> => {
    const contactKeys = deriveContactKeys(linkSecret, fields);
    const idempotencyKeys = idempotencyKeyHashes(request, contactKeys, linkSecret);
    const earlier = await findReferralByIdempotencyKey(db, idempotencyKeys);
    if (earlier) return { known: { earlier } };
    return joinChecks(
      {
        contactKeys: { known: contactKeys },
        idempotencyKeys: { known: idempotencyKeys },
        place: await checkPlace(fields),
        consent: await checkConsent(db, fields),
        textConsent: await checkTextConsent(db, fields, request.body),
      },
      [...contactFaults(fields, request.body), ...declarationFaults(fields)],
    );
  };

  async function checkPlace({ zip, state, coverageYear }: Fields): Promise<Checked<LocatedPlace>> {
    const marketplaces = coverageYear === undefined ? [] : await readMarketplaces(db, coverageYear);
    const faults = coverageYear !== undefined && marketplaces.length === 0 ? [unknownCoverageYear] : [];
    if (zip === undefined) return { faults };
    const found = await resolvePlace(db, { zip, state });
    if (!found) return { faults: [...faults, unknownZip] };
    faults.push(...findStateFaults(state, found));
    const { place } = found;
    if (coverageYear === undefined || faults.length > 0) return { faults };
    if (!place) return { faults: [unknownZip] };

    const located = { ...place, zip, state: state ?? place.state };
    const query = { state: located.state, planYear: coverageYear, on: marketplaceDateAt(now()) };
    const marketplace = marketplaceOf(marketplaces, query);
    const { timeZone } = place;
    if (isServed(marketplace) && timeZone !== null) return { known: { ...located, timeZone } };
    if (!marketplace || marketplace.kind !== 'SBM')
      return { faults: [unservedFaults[kindOfPlace(place.state)]] };
    const { name, url, phone } = marketplace;
    const problem = {
      type: 'state-marketplace' as const,
      more: { members: { marketplace: { name, url, phone } } },
    };
    const detail = `People in this state get help from ${name}.`;
    const fault: ConsumerFault = { pointer: '/zip', code: 'state-marketplace', detail, problem };
    return { faults: [fault] };
  }
}

/** Checks the optional consent to texts: it needs a phone, and must be the version in force. */
export async function checkTextConsent(
  tx: Tx,
  { textConsent, language }: Pick<Fields, 'textConsent' | 'language'>,
  rawBody: unknown,
): Promise<Checked<ConsentVersion | undefined>> {
  if (!textConsent) return { known: undefined };
  // an invalid phone has an error of its own
  if ((rawBody as Record<string, unknown>)['phone'] !== undefined)
    return checkConsentVersion(tx, 'texts', textConsent, textConsent.language ?? language);
  const fault: ConsumerFault = {
    pointer: '/textConsent',
    code: 'phone-needed',
    detail: 'Texts need a phone number.',
  };
  return { faults: [fault] };
}

async function checkConsent(tx: Tx, { consent, language }: Fields): Promise<Checked<ConsentVersion>> {
  return consent ? checkConsentVersion(tx, 'intake', consent, consent.language ?? language) : { faults: [] };
}

async function checkConsentVersion(
  tx: Tx,
  kind: ConsentKind,
  { version }: HelpRequest['consent'],
  shownIn: LanguageCode | undefined,
): Promise<Checked<ConsentVersion>> {
  if (shownIn === undefined) return { faults: [] };
  const inForce = await consentInForce(tx, kind, shownIn);
  if (inForce?.version === version) return { known: { language: inForce.language, version } };
  const detail = inForce ? `The version in force is ${inForce.version}.` : 'No consent is in force.';
  const field = kind === 'texts' ? 'textConsent' : 'consent';
  const fault: ConsumerFault = { pointer: `/${field}/version`, code: 'not-in-force', detail };
  return { faults: [fault] };
}

const unknownZip: ConsumerFault = {
  pointer: '/zip',
  code: 'unknown-zip',
  detail: 'We do not know this ZIP.',
};
const unknownCoverageYear: ConsumerFault = {
  pointer: '/coverageYear',
  code: 'unknown-coverage-year',
  detail: 'We do not offer help for this year.',
};

/** Error details for places that neither HealthCare.gov nor a state's marketplace serves. */
const unservedFaults: Readonly<Record<ReturnType<typeof kindOfPlace>, ConsumerFault>> = {
  territory: {
    pointer: '/zip',
    code: 'territory',
    detail: 'The Marketplace does not serve the territories. Ask the local Medicaid office for help.',
  },
  military: {
    pointer: '/zip',
    code: 'military',
    detail:
      'This is a military address. Give the ZIP of the home in the United States that you file taxes from.',
  },
  state: { pointer: '/zip', code: 'not-served', detail: 'The Marketplace does not serve this place.' },
};

/** Checks the state: it is needed for a ZIP in more than one state and for an unknown ZIP. */
function findStateFaults(state: string | undefined, { place, states }: ResolvedPlace): ConsumerFault[] {
  if (state === undefined ? place && states.length === 1 : states.includes(state)) return [];
  const names = states.join(' and ');
  const question = place
    ? `This ZIP is in ${names}. Choose the state.`
    : `We do not know this ZIP. Choose its state: its first digits belong to ${names}.`;
  const detail = state === undefined ? question : `This ZIP is in ${names}.`;
  const problem = { type: 'invalid-fields' as const, more: { members: { states } } };
  return [{ pointer: '/state', code: state === undefined ? 'state-needed' : 'not-of-zip', detail, problem }];
}

/** Requires a phone or an email address. An invalid one has an error of its own. */
export function missingContactFaults(rawBody: unknown): ConsumerFault[] {
  const { phone, email } = (rawBody ?? {}) as Record<string, unknown>;
  if (phone !== undefined || email !== undefined) return [];
  const detail = 'A phone number or an email address is needed.';
  return [{ pointer: '/phone', code: 'phone-or-email-needed', detail }];
}

/** Requires a contact, and the one that the chosen way to be reached needs. */
function contactFaults({ contactBy = 'call' }: Fields, rawBody: unknown): ConsumerFault[] {
  const missing = missingContactFaults(rawBody);
  if (missing.length > 0) return missing;
  const sent = rawBody as Record<string, unknown>;
  const needed = contactBy === 'email' ? 'email' : 'phone';
  // without `contactBy`, a consumer with only an email address is contacted by mail
  if (sent[needed] !== undefined || sent['contactBy'] === undefined) return [];
  const detail = 'The way you chose to be reached needs this field.';
  return [{ pointer: `/${needed}`, code: 'needed-for-contact', detail }];
}

function declarationFaults({ adult, representative, language = 'en' }: Fields): ConsumerFault[] {
  if (adult || representative) return [];
  const detail = sentencesIn(language).adultsOnly;
  return [{ pointer: '/adult', code: 'adult-or-representative-needed', detail }];
}
