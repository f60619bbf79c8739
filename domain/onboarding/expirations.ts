import { endOfMarketplaceDay, marketplaceDateAt } from '../time/marketplace-calendar.ts';
import { type ConditionFacts, isLicenseValidOn, licensedStatesOn } from './conditions.ts';
import { latestSource, type PlainDate } from './evidence.ts';

/** The end of something that an active agent needs: the registration, or a state's license. */
export interface Expiration {
  /** `registration`, or the state of the license in two letters. */
  subject: string;
  /** Last day on which it is valid. */
  endsOn: PlainDate;
}

/** A warning that was sent: about which expiration, and when last. */
export interface ExpirationWarning extends Expiration {
  warnedAt: Date;
}

export interface ExpirationFacts extends ConditionFacts {
  /** True when a later plan year's registration continues, so that the agent loses nothing when this one ends. */
  isContinuedByLaterYear: boolean;
  /** Times before an expiration at which the agent is warned, in milliseconds: 60, 30 and 7 days. */
  warnBeforeMs: readonly number[];
  expirationWarnings: readonly ExpirationWarning[];
}

/** Expirations with a warning due: one of the times before the end has passed, and no warning was sent since. */
export function dueExpirationWarnings(now: Date, facts: ExpirationFacts): Expiration[] {
  return expirationsOn(marketplaceDateAt(now), facts).filter((expiration) => {
    const due = warningInstants(expiration, facts).filter((at) => at <= now);
    const warnedAt = facts.expirationWarnings.find((sent) => isSame(sent, expiration))?.warnedAt;
    return due.some((at) => !warnedAt || warnedAt < at);
  });
}

/** Instant of the release, or of the registry's answer, that states an expiration; undefined: none states it now. */
export function expirationRecordedAt(
  { subject, endsOn }: Expiration,
  { evidence }: ConditionFacts,
): Date | undefined {
  const { registration, licenses } = evidence;
  if (subject === 'registration') return registration?.source.asOf;
  const rows = licenses.filter((row) => row.state === subject && row.expiresOn === endsOn);
  return latestSource(rows.map(({ source }) => source))?.asOf;
}

/** Lists every instant at which a warning can become due, for all of the evidence. */
export function possibleWarningInstants(facts: ExpirationFacts): Date[] {
  const { registration, licenses } = facts.evidence;
  const ends = new Set([registration?.endsOn, ...licenses.map((row) => row.expiresOn)]);
  return [...ends].flatMap((endsOn) => (endsOn ? warningInstants({ subject: '', endsOn }, facts) : []));
}

/**
 * Lists the expirations that matter to an agent today: of the registration, of the license of each state where they may
 * help, and of the resident license, without which no other counts.
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
