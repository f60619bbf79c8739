import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import type { Tx } from '../../store/database/connection.ts';
import {
  cancelLicenseLookup,
  type LicenseLookup,
  readLicenseLookup,
} from '../../store/feeds/license-lookups.ts';
import { type LicenseAnswer, saveLicenseAnswer } from '../../store/onboarding/license-answers.ts';
import type { LookUpLicenses } from '../feeds/registries/nipr.ts';
import { registryOutageFrom } from '../feeds/registries/registry-outage.ts';
import { instantsOf } from '../instants.ts';
import { changeAndReview, type OnboardingState, type ReviewDeps } from './review-onboarding.ts';

/** Dependencies of the license activities. */
export interface LicenseDeps extends ReviewDeps {
  /** The registry; undefined if the settings name none. */
  licensesOf?: LookUpLicenses | undefined;
}

export type LicenseActivities = ReturnType<typeof createLicenseActivities>;

/** Creates the activities about licenses that the feed does not know yet. */
export function createLicenseActivities({ licensesOf, ...deps }: LicenseDeps) {
  const { db, policy, now } = deps;
  return {
    /**
     * Asks the registry for the licenses of an agent for whom the feed has none yet, such as a new agent. While none of
     * them counts, or the registry does not answer, the next lookup is scheduled by policy. Called again it finds
     * nothing due and makes no request.
     */
    lookUpLicense: async (key: OnboardingId & { at: string }): Promise<OnboardingState> => {
      const due = await readDueLookup(db, key.npn, instantsOf(key.at, now).recordedAt);
      // outside the transaction, which would keep the onboarding's row locked while the registry answers
      const answer = due && licensesOf ? await askRegistry(licensesOf, key.npn) : undefined;
      return changeAndReview(deps, key, async (tx, at) => {
        // the onboarding of another plan year has looked it up already, or the feed has brought the license
        const isStillDue = due && (await readDueLookup(tx, key.npn, at))?.tries === due.tries;
        if (!isStillDue) return false;
        if (answer) await saveLicenseAnswer(tx, { key, at, answer, tries: due.tries, policy });
        else await cancelLicenseLookup(tx, key.npn);
        return true;
      });
    },
  };
}

async function askRegistry(licensesOf: LookUpLicenses, npn: string): Promise<LicenseAnswer> {
  try {
    return { licenses: await licensesOf(npn) };
  } catch (thrown) {
    return { code: registryOutageFrom(thrown).code };
  }
}

async function readDueLookup(tx: Tx, npn: string, at: Date): Promise<LicenseLookup | undefined> {
  const lookup = await readLicenseLookup(tx, npn);
  return lookup?.nextAt && lookup.nextAt <= at ? lookup : undefined;
}
