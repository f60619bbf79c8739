import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { type AvailabilityView, absenceDates } from '../../../../../api/schemas/agents/availability.ts';
import { asProblem } from '../../../api/problem.ts';
import { keys } from '../../../api/queries.ts';
import { Button } from '../../../form/button.tsx';
import { DraftNotice } from '../../../form/draft-notice.tsx';
import { ErrorSummary } from '../../../form/error-summary.tsx';
import { TextInput } from '../../../form/fields.tsx';
import { useApiForm } from '../../../form/use-api-form.ts';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { Status } from '../../../layout/status.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';

export interface AbsenceListProps {
  absences: AvailabilityView['absences'];
  /** The other form of the page is in use, so what was wrong in this one is no news. */
  isSetAside: boolean;
}

/** Lists the absences, with a form to add one. */
export function AbsenceList({ absences, isSetAside }: AbsenceListProps) {
  const { calls } = usePortal();
  const text = useText().sentences.availability.page;
  const queries = useQueryClient();
  const [announcement, setAnnouncement] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);
  const changed = (news: string) => {
    setAnnouncement(news);
    return queries.invalidateQueries({ queryKey: keys.availability });
  };
  const takeBack = useMutation({
    mutationFn: calls.takeAbsenceBack,
    onSuccess: () => {
      heading.current?.focus();
      return changed(text.takenBack);
    },
  });
  return (
    <section aria-labelledby="absences">
      <h2 id="absences" ref={heading} tabIndex={-1} className="ds-text-heading--lg hod-quiet-focus">
        {text.absences}
      </h2>
      <p>{text.absencesLead}</p>
      <Status>{announcement}</Status>
      {takeBack.error && <ProblemAlert error={takeBack.error} />}
      {absences.length === 0 ? (
        <p>{text.noAbsences}</p>
      ) : (
        <ul className="hod-checklist">
          {absences.map((absence) => (
            <li key={absence.id} className="hod-absence">
              {text.period(absence)}
              <Button size="small" isBusy={takeBack.isPending} onClick={() => takeBack.mutate(absence.id)}>
                {text.takeBack}
                <span className="ds-u-visibility--screen-reader"> {text.period(absence)}</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
      <AbsenceForm isSetAside={isSetAside} onEntered={() => void changed(text.entered)} />
    </section>
  );
}

function AbsenceForm({ isSetAside, onEntered }: { isSetAside: boolean; onEntered: () => void }) {
  const { calls } = usePortal();
  const { fault, page: text } = useText().sentences.availability;
  const { form, summary, shown, textOf, submit, showRefused, draft } = useApiForm({
    schema: absenceDates,
    defaults: { from: '', until: '' },
    draft: { kept: 'absence' },
    toBody: ({ from, until }) => ({ from: from || undefined, until: until || undefined }),
    words: { from: { ...text.firstDay, codes: fault }, until: { ...text.lastDay, codes: fault } },
  });
  const enter = useMutation({
    mutationFn: calls.enterAbsence,
    onSuccess: () => {
      form.reset();
      draft.clear();
      onEntered();
    },
    onError: (error) => void showRefused(asProblem(error)),
  });
  return (
    <form noValidate onSubmit={(event) => void submit((body) => enter.mutate(body))(event)}>
      <DraftNotice draft={draft} onDiscard={draft.discard} />
      {enter.error && shown.length === 0 && <ProblemAlert error={enter.error} />}
      <ErrorSummary errors={isSetAside ? [] : shown} box={summary} />
      <div className="hod-inline-form">
        <TextInput
          type="date"
          field={form.register('from')}
          label={text.firstDay.label}
          error={textOf('from')}
        />
        <TextInput
          type="date"
          field={form.register('until')}
          label={text.lastDay.label}
          error={textOf('until')}
        />
      </div>
      <div className="hod-buttons">
        <Button type="submit" isBusy={enter.isPending}>
          {text.enter}
        </Button>
      </div>
    </form>
  );
}
