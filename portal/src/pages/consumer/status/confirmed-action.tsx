import { useEffect, useId, useRef, useState } from 'react';
import { Button } from '../../../form/button.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';

/** Words of an action that cannot be taken back. */
interface ActionWords {
  label: string;
  /** What it does, before anything is pressed. */
  text: string;
  heading: string;
  yes: string;
  no: string;
  busy: string;
}

/** An action that can be done once only, with what it does, and a question before it is done. */
export function ConfirmedAction({
  words,
  isBusy,
  error,
  onConfirm,
}: {
  words: ActionWords;
  isBusy: boolean;
  error: Error | null;
  onConfirm: () => void;
}) {
  const id = useId();
  const [isAsked, setIsAsked] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const button = useRef<HTMLDivElement>(null);
  const wasAsked = useRef(false);
  useEffect(() => {
    if (isAsked) heading.current?.focus();
    else if (wasAsked.current) button.current?.querySelector('button')?.focus();
    wasAsked.current = isAsked;
  }, [isAsked]);
  if (!isAsked)
    return (
      <div ref={button}>
        <p id={id}>{words.text}</p>
        <div className="hod-buttons">
          <Button size="small" aria-describedby={id} onClick={() => setIsAsked(true)}>
            {words.label}
          </Button>
        </div>
      </div>
    );
  return (
    <div>
      <h3 ref={heading} tabIndex={-1} className="ds-text-heading--sm hod-quiet-focus">
        {words.heading}
      </h3>
      <p>{words.text}</p>
      {error && <ProblemAlert error={error} />}
      <div className="hod-buttons">
        <Button variation="solid" isBusy={isBusy} onClick={onConfirm}>
          {isBusy ? words.busy : words.yes}
        </Button>
        <Button isBusy={isBusy} onClick={() => setIsAsked(false)}>
          {words.no}
        </Button>
      </div>
    </div>
  );
}
