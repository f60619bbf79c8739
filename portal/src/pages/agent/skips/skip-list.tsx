import { useRef } from 'react';
import { Button } from '../../../form/button.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { Status } from '../../../layout/status.tsx';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';
import { useSkips } from './use-skips.ts';

/** Lists what the agent skips, each with a button to be asked again; hidden while there has been none. */
export function SkipList() {
  const { now } = usePortal();
  const { sentences, words } = useText();
  const text = words.skips;
  const { found, change } = useSkips();
  const heading = useRef<HTMLHeadingElement>(null);
  const ended = change.data && change.variables?.skip;
  if (found.skips.length === 0 && !ended) return null;
  return (
    <section aria-labelledby="skips">
      <h2 id="skips" ref={heading} tabIndex={-1} className="ds-text-heading--lg hod-quiet-focus">
        {text.listHeading}
      </h2>
      <Status>{ended ? text.kept(sentences.skip(ended)) : ''}</Status>
      {change.error && <ProblemAlert error={change.error} />}
      {found.skips.length === 0 ? (
        <p>{text.none}</p>
      ) : (
        <ul className="hod-checklist">
          {found.skips.map(({ since, ...skip }) => (
            <li key={`${skip.kind} ${skip.value}`} className="hod-absence">
              {text.item(sentences.skip(skip), sentences.at(new Date(since), whenHere(now())))}
              <Button
                size="small"
                isBusy={change.isPending}
                onClick={() =>
                  change.mutate({ skip, isSkipped: false }, { onSuccess: () => heading.current?.focus() })
                }
              >
                {text.end}
                <span className="ds-u-visibility--screen-reader"> {sentences.skip(skip)}</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
