import type { Request } from 'express';
import type { ConsentKind } from '../../../../domain/referrals/consumer-contact.ts';
import { sentencesIn } from '../../../../domain/text/catalog.ts';
import type { LanguageCode } from '../../../../domain/values/languages.ts';
import type { Tx } from '../../../../store/database/connection.ts';
import type { GivenConsent } from '../../../../store/referrals/consents/consents.ts';
import { type ContactKey, deriveContactKeys } from '../../../../store/referrals/contacts/contact-keys.ts';
import { findReferralByIdempotencyKey, type StoredReferral } from '../../../../store/referrals/intake.ts';
import type { Deps } from '../../../deps.ts';
import { type Checked, type ConsumerFault, joinChecks } from '../../../http/requests/checked.ts';
import type { HelpRequest } from '../../../schemas/referrals/referrals.ts';
import { consentInForce } from '../consents.ts';
import { idempotencyKeyHashes } from '../idempotency-key.ts';
import { checkPlace, type LocatedPlace } from './place-check.ts';

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

/** The version of a consent in force, in the language that the consumer saw. */
type ConsentVersion = Pick<GivenConsent, 'language' | 'version'>;

/**
 * Creates the check of a request for help beyond its schema. A request whose Idempotency-Key the same person has used
 * before is not checked again: its answer is the referral of the first.
 */
export function createIntakeCheck({ db, now, keyring: { lookupKey } }: Deps) {
  return async (
    fields: Fields,
    { request }: { request: Request },
  ): Promise<Checked<{ earlier: StoredReferral } | NewRequest>> => {
    const contactKeys = deriveContactKeys(lookupKey, fields);
    const idempotencyKeys = idempotencyKeyHashes(request, contactKeys, lookupKey);
    const earlier = await findReferralByIdempotencyKey(db, idempotencyKeys);
    if (earlier) return { known: { earlier } };
    return joinChecks(
      {
        contactKeys: { known: contactKeys },
        idempotencyKeys: { known: idempotencyKeys },
        place: await checkPlace(db, fields, now()),
        consent: await checkConsent(db, fields),
        textConsent: await checkTextConsent(db, fields, request.body),
      },
      [...contactFaults(fields, request.body), ...wishFaults(fields), ...declarationFaults(fields)],
    );
  };
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

/** Refuses two wishes, of which only one can be asked first. */
function wishFaults({ agent, returnToAgent }: Fields): ConsumerFault[] {
  if (!agent || !returnToAgent) return [];
  const detail = 'Name an agent, or ask for the one who helped you before.';
  return [{ pointer: '/returnToAgent', code: 'agent-named', detail }];
}

function declarationFaults({ adult, representative, language = 'en' }: Fields): ConsumerFault[] {
  if (adult || representative) return [];
  const detail = sentencesIn(language).adultsOnly;
  return [{ pointer: '/adult', code: 'adult-or-representative-needed', detail }];
}
