import type { PlaceView } from '../../../../../api/schemas/referrals/places.ts';
import { useLanguage, useText } from '../../../portal-context.tsx';
import { stateName } from '../../agent/profile/state-names.ts';
import { StateMarketplaceCard } from './state-marketplace-card.tsx';

type PlaceState = PlaceView['states'][number];

/** The state of a place as far as it is known: the only one, or the one that the person chose. */
export function stateOf(place: PlaceView | undefined, chosen: string): PlaceState | undefined {
  const [only, ...others] = place?.states ?? [];
  // nobody has to choose a state where the answer is the same in all
  if (others.length === 0 && only?.refusal) return only;
  return place?.stateNeeded ? place.states.find(({ state }) => state === chosen) : only;
}

/** What a ZIP tells, there and then: its city, the state's own marketplace, or why there is no help here. Screen readers read it. */
export function PlaceAnswer({
  place,
  state,
}: {
  place: PlaceView | undefined;
  state: PlaceState | undefined;
}) {
  const { help } = useText().words;
  const { language } = useLanguage();
  const refusal = place?.states.length === 0 ? 'unknown-zip' : state?.refusal;
  return (
    <div aria-live="polite" className="hod-place">
      {place?.city && <p>{[place.city, ...(state ? [stateName(state.state, language)] : [])].join(', ')}</p>}
      {state?.marketplace ? (
        <StateMarketplaceCard marketplace={state.marketplace} />
      ) : (
        refusal &&
        refusal !== 'state-marketplace' && (
          <p className="ds-u-font-weight--bold">
            {refusal === 'unknown-coverage-year' ? help.coverageYear.codes[refusal] : help.zip.codes[refusal]}
          </p>
        )
      )}
    </div>
  );
}
