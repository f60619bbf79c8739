import { type ReactNode, Suspense } from 'react';
import { usePortal, useText } from '../../portal-context.tsx';
import { ConnectionStrip } from './connection-strip.tsx';
import { Frame } from './frame.tsx';
import { InLanguage } from './in-language.tsx';

/** Frame of a page that has an entry of its own: nobody is logged in there as far as it knows. */
export function ConsumerLayout({ children }: { children: ReactNode }) {
  return (
    <Suspense>
      <InLanguage readers="consumers">
        <Frame navigation={<NavigationOfVisitors />} strip={<ConnectionStrip />}>
          {children}
        </Frame>
      </InLanguage>
    </Suspense>
  );
}

/** Links for people who are not logged in. */
export function NavigationOfVisitors() {
  const { header } = useText().words;
  const { Link } = usePortal();
  return (
    <>
      <li>
        <Link to="/help">{header.help}</Link>
      </li>
      <li>
        <Link to="/login">{header.logIn}</Link>
      </li>
    </>
  );
}
