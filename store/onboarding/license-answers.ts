import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import { needsLicenseLookup } from '../../domain/onboarding/pending-step.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Tx } from '../database/connection.ts';
import { recordEvent } from '../events.ts';
import { cancelLicenseLookup, type LookedUpLicense, recordLicenseLookup } from '../feeds/license-lookups.ts';
import { wakeOtherYears } from '../outbox.ts';
import { reviewOnboarding } from './review.ts';

/** Answer of the registry: an agent's licenses, or the code of an outage. */
export type LicenseAnswer = { licenses: LookedUpLicense[] } | { code: string };

/**
 * Saves the answer of the registry and schedules the next lookup, unless what was found counts. Wakes the agent's other
 * plan years if licenses were found.
 */
export async function saveLicenseAnswer(
  tx: Tx,
  {
    key,
    at,
    answer,
    tries,
    policy,
  }: { key: OnboardingId; at: Date; answer: LicenseAnswer; tries: number; policy: Policy },
): Promise<void> {
  const { npn, planYear } = key;
  const code = 'code' in answer ? answer.code : null;
  const outcome = outcomeOf(answer);
  const { endedAs } = outcome;
  const retryAt = nextLookupAt(at, tries, policy);
  await recordLicenseLookup(tx, { npn, at, outcome, nextAt: retryAt });
  const review = await reviewOnboarding(tx, { key, at, policy });
  const isOver = review && !needsLicenseLookup(review.facts, review.standing.conditions);
  if (isOver) await cancelLicenseLookup(tx, npn);
  const nextAt = isOver ? null : retryAt;
  await recordEvent(tx, {
    subject: { kind: 'onboarding', npn, planYear },
    kind: 'license-looked-up',
    at,
    by: 'service',
    data: { endedAs, code, nextAt: nextAt?.toISOString() ?? null },
  });
  if (endedAs === 'found') await wakeOtherYears(tx, key);
}

function outcomeOf(answer: LicenseAnswer): Parameters<typeof recordLicenseLookup>[1]['outcome'] {
  if ('code' in answer) return { endedAs: 'outage' };
  return answer.licenses.length > 0 ? { endedAs: 'found', licenses: answer.licenses } : { endedAs: 'none' };
}

/** The next lookup, by policy: one delay for each attempt, of which the last repeats; null if policy has none. */
function nextLookupAt(at: Date, tries: number, { licenseLookupAfterMs }: Policy): Date | null {
  const afterMs = licenseLookupAfterMs[tries] ?? licenseLookupAfterMs.at(-1);
  return afterMs === undefined ? null : new Date(at.getTime() + afterMs);
}
