import { Label } from '@cmsgov/design-system';
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
import { Status } from '../../../layout/status.tsx';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';
import { useAvailability, useAvailabilityChange } from './use-availability.ts';

/**
 * One line with the switch of an active agent, and until when they are available or not. Agents who are not active, or who
 * rest, get no offers whatever the switch says; their inbox says why.
 */
export function AvailabilitySwitch() {
  const { calls } = usePortal();
  const text = useText().sentences.availability.switch;
  const { data: view } = useAvailability();
  const { data: onboarding } = useQuery({ queryKey: keys.onboarding, queryFn: calls.onboarding });
  if (!view || view.resting || onboarding?.stage !== 'active') return null;
  return (
    <section aria-labelledby="availability" className="hod-card hod-availability">
      <h2 id="availability" className="ds-u-visibility--screen-reader">
        {text.heading}
      </h2>
      {view.because === 'absent' ? <Absent view={view} /> : <Switch view={view} />}
    </section>
  );
}

/** In words, because the switch does nothing during an absence. */
function Absent({ view }: { view: AvailabilityView }) {
  const { switch: text } = useText().sentences.availability;
  return (
    <div className="hod-availability-line">
      {text.label}: <State view={view} />
      <Link to="/availability">{text.change}</Link>
    </div>
  );
}

/** Whether the agent is available, and until when. Screen readers read changes. */
function State({ view: { isAvailable, ...view } }: { view: AvailabilityView }) {
  const { now } = usePortal();
  const text = useText().sentences.availability;
  const changesAt = view.changesAt === null ? null : new Date(view.changesAt);
  return <Status>{text.state({ isAvailable, changesAt, when: whenHere(now()) })}</Status>;
}

const switchId = 'availability-switch';

function Switch({ view }: { view: AvailabilityView }) {
  const { calls, now } = usePortal();
  const text = useText().sentences.availability.switch;
  const { isAvailable, because, timeZone } = view;
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
  const clear = () =>
    // the button goes with the override
    change.mutate({ state: null }, { onSuccess: () => document.getElementById(switchId)?.focus() });
  return (
    <>
      <DraftNotice draft={draft} onDiscard={() => setLength('until-switched')} />
      {change.error && <ProblemAlert error={change.error} />}
      <div className="hod-availability-line">
        <UnstyledButton
          id={switchId}
          role="switch"
          aria-checked={isAvailable}
          className="hod-switch"
          isBusy={change.isPending}
          onClick={toggle}
        >
          <span className="hod-switch-track" aria-hidden="true" />
          {text.label}
        </UnstyledButton>
        <State view={view} />
        <details open={draft.restored !== undefined}>
          <summary>{text.options}</summary>
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
          <p>
            <Link to="/availability">{text.change}</Link>
          </p>
        </details>
      </div>
      {because === 'override' && (
        <UnstyledButton className="hod-link-button" isBusy={change.isPending} onClick={clear}>
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
