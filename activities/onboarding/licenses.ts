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

/** What the deeds about licenses stand on. */
export interface LicenseDeps {
  db: Database;
  policy: Policy;
  /** The registry; undefined where the settings name none. */
  licensesOf?: LookUpLicenses | undefined;
}

export type LicenseActivities = ReturnType<typeof createLicenseActivities>;

type Answer = { licenses: LookedUpLicense[] } | { code: string };

/** The deeds about licenses that the feed does not know yet. */
export function createLicenseActivities({ db, policy, licensesOf }: LicenseDeps) {
  return {
    /**
     * Asks the registry for the licenses of an agent of whom the feed knows none yet, as with agents who are brand
     * new. While there are none that count, or no answer, the next look is promised by policy. Called again it finds
     * nothing to look up and asks nobody.
     */
    lookUpLicense: async (key: OnboardingId & { at: string }): Promise<OnboardingState> => {
      const at = new Date(key.at);
      const due = await readDueLookup(db, key.npn, at);
      // outside of the transaction, which would hold the story's row while the registry thinks
      const answer = due && licensesOf ? await askRegistry(licensesOf, key.npn) : undefined;
      return db.transaction().execute(async (tx) => {
        const before = await reviewOnboarding(tx, { key, at, policy });
        if (!before)
          refuse('not-found', 'There is no such onboarding.', { npn: key.npn, planYear: key.planYear });
        // another year's story was here first, or the feed brought the license meanwhile
        const isStill = due && (await readDueLookup(tx, key.npn, at))?.tries === due.tries;
        if (!isStill) return before.state;
        if (answer) await take(tx, { key, at, answer, tries: due.tries });
        else await cancelLicenseLookup(tx, key.npn);
        return (await reviewOnboarding(tx, { key, at, policy }))?.state ?? before.state;
      });
    },
  };

  async function take(
    tx: Tx,
    { key, at, answer, tries }: { key: OnboardingId; at: Date; answer: Answer; tries: number },
  ): Promise<void> {
    const { npn, planYear } = key;
    const code = 'code' in answer ? answer.code : null;
    const outcome = outcomeOf(answer);
    const { endedAs } = outcome;
    const againAt = nextLookupAt(at, tries, policy);
    await recordLicenseLookup(tx, { npn, at, outcome, nextAt: againAt });
    const known = await reviewOnboarding(tx, { key, at, policy });
    const isOver = known && !needsLicenseLookup(known.facts, known.standing.conditions);
    if (isOver) await cancelLicenseLookup(tx, npn);
    const nextAt = isOver ? null : againAt;
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

/** After each look a longer while, the last one again and again; null where policy never looks again. */
function nextLookupAt(at: Date, tries: number, { licenseLookupAfterMs }: Policy): Date | null {
  const afterMs = licenseLookupAfterMs[tries] ?? licenseLookupAfterMs.at(-1);
  return afterMs === undefined ? null : new Date(at.getTime() + afterMs);
}

async function readDueLookup(tx: Tx, npn: string, at: Date): Promise<LicenseLookup | undefined> {
  const lookup = await readLicenseLookup(tx, npn);
  return lookup?.nextAt && lookup.nextAt <= at ? lookup : undefined;
}
