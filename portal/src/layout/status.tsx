import type { ReactNode } from 'react';

/**
 * Text that screen readers say when it changes. It is always on the page, empty at first where need be: one that
 * appears together with its text is often not heard. Its children are phrases.
 */
export function Status({ children, hidden = false }: { children: ReactNode; hidden?: boolean }) {
  return <output className={hidden ? 'ds-u-visibility--screen-reader' : 'hod-status'}>{children}</output>;
}
