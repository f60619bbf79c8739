import { Button } from '@cmsgov/design-system';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { Status } from '../../../layout/status.tsx';
import { useText } from '../../../portal-context.tsx';
import { useSkips } from './use-skips.ts';

/** Asks whether to skip what the agent declined again and again; nothing where there is no such thing. */
export function SkipSuggestions() {
  const { sentences, words } = useText();
  const text = words.skips;
  const { found, change } = useSkips();
  const answered = change.data && change.variables;
  return (
    <>
      <Status>
        {answered ? (answered.isSkipped ? text.begun : text.kept)(sentences.skip(answered.skip)) : ''}
      </Status>
      {change.error && <ProblemAlert error={change.error} />}
      {found.suggestions.map(({ declined, ...skip }) => (
        <section key={`${skip.kind} ${skip.value}`} className="hod-card" aria-label={text.heading}>
          <p className="ds-u-margin-top--0">{text.question(declined, sentences.skip(skip))}</p>
          <div className="hod-buttons">
            <Button
              variation="solid"
              disabled={change.isPending}
              onClick={() => change.mutate({ skip, isSkipped: true })}
            >
              {text.yes}
            </Button>
            <Button disabled={change.isPending} onClick={() => change.mutate({ skip, isSkipped: false })}>
              {text.no}
            </Button>
          </div>
        </section>
      ))}
    </>
  );
}
