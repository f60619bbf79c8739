import { refuse } from '../../domain/failures.ts';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import { needsLicenseLookup } from '../../domain/onboarding/pending-step.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Database, Tx } from '../../store/database/connection.ts';
import { recordEvent } from '../../store/events.ts';
import {
  cancelLicenseLookup,
  type LicenseLookup,
  type LookedUpLicense,
  readLicenseLookup,
  recordLicenseLookup,
} from '../../store/feeds/license-lookups.ts';
import { wakeOtherYears } from '../../store/outbox.ts';
import type { LookUpLicenses } from '../feeds/registries/nipr.ts';
import { registryOutageFrom } from '../feeds/registries/registry-outage.ts';
import { type OnboardingState, reviewOnboarding } from './review-onboarding.ts';

/** Dependencies of the license activities. */
export interface LicenseDeps {
  db: Database;
  policy: Policy;
  /** The registry; undefined if the settings name none. */
  licensesOf?: LookUpLicenses | undefined;
}

export type LicenseActivities = ReturnType<typeof createLicenseActivities>;

type Answer = { licenses: LookedUpLicense[] } | { code: string };

/** Creates the activities about licenses that the feed does not know yet. */
export function createLicenseActivities({ db, policy, licensesOf }: LicenseDeps) {
  return {
    /**
     * Asks the registry for the licenses of an agent for whom the feed has none yet, such as a new agent. While none of
     * them counts, or the registry does not answer, the next lookup is scheduled by policy. Called again it finds
     * nothing due and makes no request.
     */
    lookUpLicense: async (key: OnboardingId & { at: string }): Promise<OnboardingState> => {
      const at = new Date(key.at);
      const due = await readDueLookup(db, key.npn, at);
      // outside the transaction, which would keep the onboarding's row locked while the registry answers
      const answer = due && licensesOf ? await askRegistry(licensesOf, key.npn) : undefined;
      return db.transaction().execute(async (tx) => {
        const before = await reviewOnboarding(tx, { key, at, policy });
        if (!before)
          refuse('not-found', 'There is no such onboarding.', { npn: key.npn, planYear: key.planYear });
        // the onboarding of another plan year has looked it up already, or the feed has brought the license
        const isStillDue = due && (await readDueLookup(tx, key.npn, at))?.tries === due.tries;
        if (!isStillDue) return before.state;
        if (answer) await saveAnswer(tx, { key, at, answer, tries: due.tries });
        else await cancelLicenseLookup(tx, key.npn);
        return (await reviewOnboarding(tx, { key, at, policy }))?.state ?? before.state;
      });
    },
  };

  async function saveAnswer(
    tx: Tx,
    { key, at, answer, tries }: { key: OnboardingId; at: Date; answer: Answer; tries: number },
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
}

async function askRegistry(licensesOf: LookUpLicenses, npn: string): Promise<Answer> {
  try {
    return { licenses: await licensesOf(npn) };
  } catch (thrown) {
    return { code: registryOutageFrom(thrown).code };
  }
}

function outcomeOf(answer: Answer): Parameters<typeof recordLicenseLookup>[1]['outcome'] {
  if ('code' in answer) return { endedAs: 'outage' };
  return answer.licenses.length > 0 ? { endedAs: 'found', licenses: answer.licenses } : { endedAs: 'none' };
}

/** The next lookup, by policy: one delay for each attempt, of which the last repeats; null if policy has none. */
function nextLookupAt(at: Date, tries: number, { licenseLookupAfterMs }: Policy): Date | null {
  const afterMs = licenseLookupAfterMs[tries] ?? licenseLookupAfterMs.at(-1);
  return afterMs === undefined ? null : new Date(at.getTime() + afterMs);
}

async function readDueLookup(tx: Tx, npn: string, at: Date): Promise<LicenseLookup | undefined> {
  const lookup = await readLicenseLookup(tx, npn);
  return lookup?.nextAt && lookup.nextAt <= at ? lookup : undefined;
}
