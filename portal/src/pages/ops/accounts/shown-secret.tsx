import { Alert } from '@cmsgov/design-system';
import { useEffect, useRef } from 'react';
import { useText } from '../../../portal-context.tsx';
import type { Secret } from './admin-action.ts';

/** Shows a generated password or secret, once. It takes the focus, so that nobody leaves the page without it. */
export function ShownSecret({ label, value }: Secret) {
  const text = useText().words.ops.accounts;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div ref={box} tabIndex={-1} className="hod-quiet-focus ds-u-margin-y--2">
      <Alert variation="success" heading={label}>
        <p>{text.copy}</p>
        <p>
          <code className="hod-own-words">{value}</code>
        </p>
      </Alert>
    </div>
  );
}
