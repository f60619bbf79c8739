import { Alert, Label } from '@cmsgov/design-system';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { AvailabilityView } from '../../../../../api/schemas/agents/availability.ts';
import { type SwitchLength, switchLengths } from '../../../../../domain/text/availability-words.ts';
import { dateIn, instantOnClock } from '../../../../../domain/time/wall-clock.ts';
import { keys } from '../../../api/queries.ts';
import { UnstyledButton } from '../../../form/button.tsx';
import { DraftNotice } from '../../../form/draft-notice.tsx';
import { useDraftState } from '../../../form/use-draft.ts';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';
import { AvailabilityNow } from './availability-now.tsx';
import { useAvailability, useAvailabilityChange } from './use-availability.ts';

/**
 * Shows the current availability of an active agent, with the switch, and warns if no channel reaches the agent. While the
 * agent rests, the answer that ends the rest stands in its place. Agents who
 * are not active get no offers; their checklist says why.
 */
export function AvailabilitySwitch() {
  const { calls } = usePortal();
  const text = useText().sentences.availability;
  const { data: view } = useAvailability();
  const { data: onboarding } = useQuery({ queryKey: keys.onboarding, queryFn: calls.onboarding });
  return (
    <>
      {onboarding?.waitingFor.includes('no-channel') && (
        <Alert variation="warn" heading={text.noChannel.heading}>
          <p>{text.noChannel.text}</p>
          <Link to="/profile">{text.noChannel.link}</Link>
        </Alert>
      )}
      {view && onboarding?.stage === 'active' && (
        <section aria-labelledby="availability" className="hod-card">
          <h2 id="availability" className="ds-text-heading--md">
            {text.switch.heading}
          </h2>
          <AvailabilityNow view={view} />
          {view.because !== 'absent' && !view.resting && <Switch view={view} />}
          <p>
            <Link to="/availability">{text.switch.change}</Link>
          </p>
        </section>
      )}
    </>
  );
}

function Switch({ view: { isAvailable, because, timeZone } }: { view: AvailabilityView }) {
  const { calls, now } = usePortal();
  const text = useText().sentences.availability.switch;
  const [length, setLength, draft] = useDraftState<SwitchLength>(
    { kept: 'availability-switch' },
    'until-switched',
  );
  const change = useAvailabilityChange(calls.overrideAvailability, draft.clear);
  const toggle = () =>
    change.mutate({
      state: isAvailable ? 'off' : 'on',
      until: endOf(length, now(), timeZone)?.toISOString() ?? null,
    });
  return (
    <>
      <DraftNotice draft={draft} onDiscard={() => setLength('until-switched')} />
      {change.error && <ProblemAlert error={change.error} />}
      <div className="hod-inline-form">
        <div>
          <Label fieldId="switch-length">{text.forHowLong}</Label>
          <select
            id="switch-length"
            className="ds-c-field ds-c-field--medium hod-select"
            value={length}
            onChange={({ target }) =>
              setLength(switchLengths.find((known) => known === target.value) ?? length)
            }
          >
            {switchLengths.map((option) => (
              <option key={option} value={option}>
                {text.lengths[option]}
              </option>
            ))}
          </select>
        </div>
        <UnstyledButton
          role="switch"
          aria-checked={isAvailable}
          className="ds-c-button hod-switch"
          isBusy={change.isPending}
          onClick={toggle}
        >
          <span className="hod-switch-track" aria-hidden="true" />
          {text.label}
        </UnstyledButton>
      </div>
      {because === 'override' && (
        <UnstyledButton
          className="hod-link-button ds-u-margin-top--2"
          isBusy={change.isPending}
          onClick={() => change.mutate({ state: null })}
        >
          {text.clear}
        </UnstyledButton>
      )}
    </>
  );
}

/** Computes the end of a switch; undefined if it has none. The rest of the day ends at midnight in the agent's time zone. */
function endOf(length: SwitchLength, now: Date, timeZone: string): Date | undefined {
  const hour = 3_600_000;
  switch (length) {
    case 'an-hour':
      return new Date(now.getTime() + hour);
    case 'four-hours':
      return new Date(now.getTime() + 4 * hour);
    case 'rest-of-day':
      return instantOnClock(timeZone, dateIn(timeZone, now), 24 * 60);
    case 'until-switched':
      return undefined;
  }
}
