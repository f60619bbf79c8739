import { Suspense } from 'react';
import {
  NavigationType,
  Outlet,
  ScrollRestoration,
  useLocation,
  useMatches,
  useNavigationType,
} from 'react-router';
import { useSession } from '../../api/queries.ts';
import { pageReaders } from '../../language.ts';
import { AccountNameProvider } from '../../portal-context.tsx';
import { RefusedWrite } from '../refused-write.tsx';
import { Frame } from './frame.tsx';
import { InLanguage } from './in-language.tsx';
import { Navigation } from './navigation.tsx';
import { MovesToHeadingProvider } from './page.tsx';
import { QueryConnectionStrip } from './query-connection-strip.tsx';
import { UpgradeStrip } from './upgrade-strip.tsx';

/** Frame of every page that the router shows, in the page's language. */
export function Layout() {
  const readers = pageReaders(useMatches().map(({ handle }) => handle));
  const namesPart = useLocation().hash !== '';
  const movesToHeading = useNavigationType() !== NavigationType.Pop && !namesPart;
  return (
    <Suspense>
      <InLanguage readers={readers}>
        <MovesToHeadingProvider value={movesToHeading}>
          <FrameOfSession />
        </MovesToHeadingProvider>
      </InLanguage>
    </Suspense>
  );
}

function FrameOfSession() {
  const { data: session } = useSession();
  return (
    <AccountNameProvider value={session?.username}>
      <Frame
        navigation={<Navigation />}
        strip={
          <>
            <QueryConnectionStrip />
            <UpgradeStrip />
          </>
        }
      >
        <RefusedWrite />
        <Outlet />
      </Frame>
      <ScrollRestoration />
    </AccountNameProvider>
  );
}
