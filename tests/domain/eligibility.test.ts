import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type ConditionName, conditionsOn, licensedStatesOn } from '../../domain/conditions.ts';
import type { Evidence } from '../../domain/evidence.ts';
import type { Marketplace } from '../../domain/marketplaces.ts';
import { anyEvidence, anyMarketplaces, days } from './any-facts.ts';

/** Days as numbers, so that nothing here rests on how dates are written. */
const day = (date: string) => Date.parse(date) / 86_400_000;
const hasCome = (date: string | null | undefined, now: number) => Boolean(date) && day(date as string) <= now;
const isOver = (date: string | null | undefined, now: number) => Boolean(date) && day(date as string) < now;

/** States where the agent may help: the guide's third condition and its note on the kinds of marketplace. */
function statesByTheGuide(evidence: Evidence, places: readonly Marketplace[], now: number): string[] {
  const found = new Set<string>();
  let residentHolds = false;
  for (const row of evidence.licenses) {
    if (row.licenseClass === 'Business Entity') continue;
    if (!row.active || !row.lineActive || !row.health) continue;
    if (row.issuedOn && !hasCome(row.issuedOn, now)) continue;
    if (isOver(row.expiresOn, now)) continue;
    if (row.resident) residentHolds = true;
    let latest = Number.NEGATIVE_INFINITY;
    let kind = 'none';
    for (const place of places) {
      if (place.state !== row.state || place.planYear !== 2027 || !hasCome(place.effectiveOn, now)) continue;
      if (day(place.effectiveOn) < latest) continue;
      latest = day(place.effectiveOn);
      kind = place.kind;
    }
    if (kind === 'FFM' || kind === 'SBM-FP') found.add(row.state);
  }
  return residentHolds ? [...found].toSorted() : [];
}

/** Each condition from the guide's and the field's words, one sentence after the other. */
function unmetByTheGuide(
  evidence: Evidence,
  places: readonly Marketplace[],
  now: number,
): Set<ConditionName> {
  const { registration, training, terminations, licenses } = evidence;
  const unmet = new Set<ConditionName>();
  const isLicensed = statesByTheGuide(evidence, places, now).length > 0;
  if (!isLicensed) unmet.add('licensed-with-health-line');

  if (!registration || !hasCome(registration.completedOn, now) || isOver(registration.endsOn, now))
    unmet.add('marketplace-registration');
  if (!registration) unmet.add('npn-valid');
  else if (registration.npnValid === 'N') unmet.add('npn-valid');
  else if (registration.npnValid === '-') {
    if (registration.npnValidKept === 'N') unmet.add('npn-valid');
    if (registration.npnValidKept === null && !isLicensed) unmet.add('npn-valid');
  }

  if (!hasCome(training?.marketplaceTrainedOn, now)) unmet.add('marketplace-training');
  if (!hasCome(training?.niprValidatedOn, now)) unmet.add('nipr-profile-validated');
  if (!hasCome(training?.courseworkCompletedOn, now)) unmet.add('help-on-demand-coursework');
  if (!hasCome(training?.cmsAgreementsSignedOn, now)) {
    unmet.add('cms-agreements');
    unmet.add('help-on-demand-coursework');
  } else if (isOver(training?.courseworkCompletedOn, day(training?.cmsAgreementsSignedOn ?? ''))) {
    unmet.add('help-on-demand-coursework');
  }

  const counting = terminations.filter(
    (row) => ['BOTH', 'INDIVIDUAL'].includes(row.marketplaces) && row.effectivePlanYear === 2027,
  );
  const past = counting.filter((row) => hasCome(row.datedOn, now));
  const lastDay = Math.max(...past.map((row) => day(row.datedOn)));
  if (past.some((row) => day(row.datedOn) === lastDay && row.status[0] === 'T')) unmet.add('not-terminated');

  for (const row of licenses) if (row.licenseClass === 'Business Entity') unmet.add('individual-npn');
  return unmet;
}

test('whatever the feeds say, the conditions are those of the guide', () => {
  fc.assert(
    fc.property(anyEvidence, anyMarketplaces, fc.constantFrom(...days), (evidence, marketplaces, date) => {
      const facts = { planYear: 2027, evidence, marketplaces };
      const unmet = conditionsOn(date, facts)
        .filter(({ met }) => !met)
        .map(({ name }) => name);
      expect(new Set(unmet)).toEqual(unmetByTheGuide(evidence, marketplaces, day(date)));
      expect(licensedStatesOn(date, facts)).toEqual(statesByTheGuide(evidence, marketplaces, day(date)));
    }),
    { numRuns: 3_000 },
  );
});
