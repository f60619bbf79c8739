import type { ReactNode } from 'react';

/**
 * Live region: screen readers read its text when it changes. It must always be on the page, even when empty, because a
 * region that appears together with its text is often not read. Its children are inline text.
 */
export function Status({ children, hidden = false }: { children: ReactNode; hidden?: boolean }) {
  return <output className={hidden ? 'ds-u-visibility--screen-reader' : 'hod-status'}>{children}</output>;
}
