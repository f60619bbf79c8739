import { Button } from '../../../form/button.tsx';
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
      {found.suggestions.length > 0 && (
        <section className="hod-card" aria-labelledby="skip-suggestions">
          <h2 id="skip-suggestions" className="ds-text-heading--md ds-u-margin-top--0">
            {text.heading}
          </h2>
          <ul className="hod-checklist">
            {found.suggestions.map(({ declined, ...skip }) => (
              <Suggestion
                key={`${skip.kind} ${skip.value}`}
                question={text.question(declined, sentences.skip(skip))}
                about={sentences.skip(skip)}
                isBusy={change.isPending}
                onAnswer={(isSkipped) => change.mutate({ skip, isSkipped })}
              />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

interface SuggestionProps {
  question: string;
  /** What it is about, for screen readers, since there can be several. */
  about: string;
  isBusy: boolean;
  onAnswer: (isSkipped: boolean) => void;
}

function Suggestion({ question, about, isBusy, onAnswer }: SuggestionProps) {
  const text = useText().words.skips;
  const hidden = <span className="ds-u-visibility--screen-reader"> {about}</span>;
  return (
    <li>
      <p>{question}</p>
      <div className="hod-buttons">
        <Button variation="solid" isBusy={isBusy} onClick={() => onAnswer(true)}>
          {text.yes}
          {hidden}
        </Button>
        <Button isBusy={isBusy} onClick={() => onAnswer(false)}>
          {text.no}
          {hidden}
        </Button>
      </div>
    </li>
  );
}
