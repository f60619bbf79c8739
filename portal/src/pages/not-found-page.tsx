import { useEffect, useSyncExternalStore } from 'react';
import { Link, useRouteError } from 'react-router';
import { Button } from '../form/button.tsx';
import { Page } from '../layout/frame/page.tsx';
import { usePortal, useText } from '../portal-context.tsx';

/** Page for an unknown address. */
export function NotFoundPage() {
  const { lost } = useText().words;
  return (
    <Page title={lost.title}>
      <p>{lost.text}</p>
      <Link to="/">{lost.home}</Link>
    </Page>
  );
}

/** Page for a failed load, most often of an older version whose files are gone: the new one is then loaded at once. */
export function LoadErrorPage() {
  const { broken } = useText().words;
  const { connection, upgrade } = usePortal();
  const isDue = useSyncExternalStore(upgrade.subscribe, upgrade.isDue);
  const error = useRouteError();
  // the files of a page are no requests of the client
  useEffect(() => connection.check(), [connection]);
  useEffect(() => {
    if (isDue) upgrade.load();
  }, [isDue, upgrade]);
  return (
    <Page title={broken.title}>
      <p>{broken.text}</p>
      {error instanceof Error && <p className="ds-text-body--sm">{error.name}</p>}
      <Button variation="solid" onClick={() => location.reload()}>
        {broken.reload}
      </Button>
    </Page>
  );
}
