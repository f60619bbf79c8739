import { Alert } from '@cmsgov/design-system';
import { useMutation } from '@tanstack/react-query';
import { Button } from '../../../form/button.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';
import { useFactorsChanged } from './use-factors-changed.ts';

/** Section with the number of recovery codes that are left, and a button for new ones. */
export function RecoveryCodes({ left }: { left: number }) {
  const { calls } = usePortal();
  const text = useText().words.security.recovery;
  const changed = useFactorsChanged();
  const replace = useMutation({ mutationFn: calls.replaceRecoveryCodes, onSuccess: changed });
  return (
    <section aria-labelledby="recovery-codes">
      <h2 id="recovery-codes" className="ds-text-heading--lg">
        {text.heading}
      </h2>
      <p>
        {text.what} {text.left(left)}
      </p>
      {replace.error && <ProblemAlert error={replace.error} />}
      {replace.data && <ShownCodes of={replace.data.recoveryCodes} onSaved={replace.reset} />}
      <div className="hod-buttons">
        <Button isBusy={replace.isPending} onClick={() => replace.mutate()}>
          {text.replace}
        </Button>
      </div>
    </section>
  );
}

/** New recovery codes, until the person says that they have saved them. */
export function ShownCodes({ of, onSaved }: { of: readonly string[]; onSaved: () => void }) {
  const text = useText().words.security.recovery;
  return (
    <Alert heading={text.heading}>
      <p>{text.shownOnce}</p>
      <ul className="hod-plain-list">
        {of.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <Button onClick={onSaved}>{text.saved}</Button>
    </Alert>
  );
}
