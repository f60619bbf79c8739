import { Alert } from '@cmsgov/design-system';
import { useEffect, useRef } from 'react';

/** Alert that something was done. It takes the focus when it appears, so that everybody notices it. */
export function DoneAlert({ children }: { children: string }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div ref={box} tabIndex={-1} className="hod-quiet-focus ds-u-margin-y--2">
      <Alert variation="success">
        <p className="ds-u-margin--0">{children}</p>
      </Alert>
    </div>
  );
}
