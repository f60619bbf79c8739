import { Alert } from '@cmsgov/design-system';
import { useRef } from 'react';
import { useText } from '../portal-context.tsx';
import { Button } from './button.tsx';
import type { Draft } from './use-draft.ts';

/**
 * Warns that a form shows an earlier draft that is not saved, or that the draft is lost.
 * @param onDiscard resets the form to the saved values
 */
export function DraftNotice({
  draft,
  onDiscard,
}: {
  draft: Pick<Draft<unknown>, 'notice' | 'clear'>;
  onDiscard?: () => void;
}) {
  const text = useText().words.draft;
  const box = useRef<HTMLDivElement>(null);
  const discard = () => {
    onDiscard?.();
    draft.clear();
    // the button disappears, so the focus moves here
    box.current?.focus();
  };
  return (
    <div ref={box} tabIndex={-1} className="hod-quiet-focus">
      {draft.notice && (
        <Alert variation="warn" heading={text.heading} className="ds-u-margin-y--2">
          <p>{draft.notice === 'lost' ? text.lost : text.kept}</p>
          <Button size="small" onClick={discard}>
            {draft.notice === 'lost' ? text.understood : text.discard}
          </Button>
        </Alert>
      )}
    </div>
  );
}
