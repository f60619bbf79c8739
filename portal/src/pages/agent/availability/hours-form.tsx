import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import type { AvailabilityView } from '../../../../../api/schemas/agents/availability.ts';
import { type Weekday, weekdays } from '../../../../../domain/agents/availability.ts';
import { Button } from '../../../form/button.tsx';
import { DraftNotice } from '../../../form/draft-notice.tsx';
import { ErrorSummary } from '../../../form/error-summary.tsx';
import { useDraftState } from '../../../form/use-draft.ts';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { Status } from '../../../layout/status.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';
import { DayFields } from './day-fields.tsx';
import {
  bodyOf,
  type DraftedHours,
  type DraftedPart,
  type DraftFault,
  draftOf,
  faultsOfDraft,
  stillIn,
} from './drafted-hours.ts';
import { useAvailabilityChange } from './use-availability.ts';

export interface HoursFormProps {
  view: AvailabilityView;
  /** The other form of the page is in use, so what was wrong in this one is no news. */
  isSetAside: boolean;
}

/** Form for the hours of each weekday, as rows of a week. An agent without hours is always available. */
export function HoursForm({ view, isSetAside }: HoursFormProps) {
  const { calls } = usePortal();
  const { availability } = useText().sentences;
  const text = availability.page;
  const kept = draftOf(view.hours);
  const [draft, setDraft, unsaved] = useDraftState<DraftedHours>({ kept: 'availability-hours' }, kept);
  const [found, setFound] = useState<readonly DraftFault[]>([]);
  const faults = stillIn(draft, found);
  const [failures, setFailures] = useState(0);
  const [news, setNews] = useState('');
  const summary = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (failures > 0) summary.current?.focus();
  }, [failures]);
  const save = useAvailabilityChange(calls.changeHours, () => {
    unsaved.clear();
    setNews(text.saved);
  });

  const change = (weekday: Weekday, parts: readonly DraftedPart[]) => {
    setNews('');
    setDraft((before) => ({ ...before, [weekday]: parts }));
  };
  const hasNone = weekdays.every((weekday) => draft[weekday].length === 0);
  const asMonday = () => {
    for (const weekday of weekdays.slice(1, 5)) change(weekday, draft.monday);
    setNews(text.copied);
  };
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    setNews('');
    const now = faultsOfDraft(draft);
    setFound(now);
    if (now.length > 0) setFailures((count) => count + 1);
    else save.mutate(bodyOf(draft));
  };
  const textOf = (weekday: Weekday, index: number) => {
    const code = faults.find((fault) => fault.weekday === weekday && fault.index === index)?.code;
    return code && (code === 'missing' ? text.wrong : availability.fault[code]);
  };
  const shown = faults.map(({ weekday, index }) => ({
    field: `${weekday}-${index}`,
    text: `${text.partOf(availability.weekday[weekday], index + 1)}: ${textOf(weekday, index)}`,
  }));

  return (
    <section aria-labelledby="weekly-hours">
      <h2 id="weekly-hours" className="ds-text-heading--lg">
        {text.hours}
      </h2>
      {hasNone && <p>{text.none}</p>}
      <p>{text.nextDay}</p>
      <DraftNotice draft={unsaved} onDiscard={() => setDraft(kept)} />
      {save.error && <ProblemAlert error={save.error} />}
      <ErrorSummary errors={isSetAside ? [] : shown} box={summary} />
      <form noValidate onSubmit={send}>
        <table className="hod-week" aria-labelledby="weekly-hours">
          <tbody>
            {weekdays.map((weekday) => (
              <DayFields
                key={weekday}
                weekday={weekday}
                parts={draft[weekday]}
                isOff={!hasNone && draft[weekday].length === 0}
                textOf={(index) => textOf(weekday, index)}
                onChange={(parts) => change(weekday, parts)}
              />
            ))}
          </tbody>
        </table>
        <div className="hod-buttons">
          <Button type="submit" variation="solid" isBusy={save.isPending}>
            {save.isPending ? text.saving : text.save}
          </Button>
          <Button onClick={asMonday}>{text.asMonday}</Button>
        </div>
      </form>
      <Status>{news}</Status>
    </section>
  );
}
