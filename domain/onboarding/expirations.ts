import { endOfMarketplaceDay, marketplaceDateAt } from '../time/marketplace-calendar.ts';
import { type ConditionFacts, isLicenseValidOn, licensedStatesOn } from './conditions.ts';
import { latestSource, type PlainDate } from './evidence.ts';

/** What an active agent stands on and has an end: the registration, or the license of a state. */
export interface Expiration {
  /** `registration`, or the state of the license in two letters. */
  subject: string;
  /** The last day on which it holds. */
  endsOn: PlainDate;
}

/** A warning that was told: of which ending, and when the last time. */
export interface ExpirationWarning extends Expiration {
  warnedAt: Date;
}

export interface ExpirationFacts extends ConditionFacts {
  /** Whether a later plan year's registration carries on, so that the end of this one takes nothing away. */
  isContinuedByLaterYear: boolean;
  /** How long before an end the agent is warned: 60, 30 and 7 days, in milliseconds. */
  warnBeforeMs: readonly number[];
  expirationWarnings: readonly ExpirationWarning[];
}

/** The endings that a warning is due of now: a stated time before the end has come and nobody was warned since. */
export function dueExpirationWarnings(now: Date, facts: ExpirationFacts): Expiration[] {
  return expirationsOn(marketplaceDateAt(now), facts).filter((ending) => {
    const due = warningInstants(ending, facts).filter((at) => at <= now);
    const warnedAt = facts.expirationWarnings.find((told) => isSame(told, ending))?.warnedAt;
    return due.some((at) => !warnedAt || warnedAt < at);
  });
}

/** When the release, or the answer, came in that names an ending; undefined: none does any more. */
export function expirationRecordedAt(
  { subject, endsOn }: Expiration,
  { evidence }: ConditionFacts,
): Date | undefined {
  const { registration, licenses } = evidence;
  if (subject === 'registration') return registration?.source.asOf;
  const rows = licenses.filter((row) => row.state === subject && row.expiresOn === endsOn);
  return latestSource(rows.map(({ source }) => source))?.asOf;
}

/** Every instant at which a warning can become due, for anything that is in the evidence. */
export function possibleWarningInstants(facts: ExpirationFacts): Date[] {
  const { registration, licenses } = facts.evidence;
  const ends = new Set([registration?.endsOn, ...licenses.map((row) => row.expiresOn)]);
  return [...ends].flatMap((endsOn) => (endsOn ? warningInstants({ subject: '', endsOn }, facts) : []));
}

/**
 * What ends of that on which an agent's help rests today: the registration, the license of each state that is served,
 * and the resident license, without which every other is lost.
 */
function expirationsOn(today: PlainDate, facts: ExpirationFacts): Expiration[] {
  const { registration, licenses } = facts.evidence;
  const valid = licenses.filter((row) => isLicenseValidOn(today, row));
  const served = licensedStatesOn(today, facts);
  const home = served.length > 0 ? valid.filter((row) => row.resident).map((row) => row.state) : [];
  const ofLicenses = [...new Set([...served, ...home])].flatMap((state) => {
    const days = valid.filter((row) => row.state === state).map((row) => row.expiresOn);
    const last = days.includes(null)
      ? undefined
      : days
          .filter((day) => day !== null)
          .toSorted()
          .at(-1);
    return last ? [{ subject: state, endsOn: last }] : [];
  });
  const ofRegistration =
    registration?.endsOn && !facts.isContinuedByLaterYear
      ? [{ subject: 'registration', endsOn: registration.endsOn }]
      : [];
  return [...ofRegistration, ...ofLicenses];
}

function warningInstants({ endsOn }: Expiration, { warnBeforeMs }: ExpirationFacts): Date[] {
  return warnBeforeMs.map((ms) => new Date(endOfMarketplaceDay(endsOn).getTime() - ms));
}

const isSame = (one: Expiration, other: Expiration) =>
  one.subject === other.subject && one.endsOn === other.endsOn;
