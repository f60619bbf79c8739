import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useLocation, useNavigation } from 'react-router';
import { slowMs } from '../../live/connection.ts';
import { usePortal } from '../../portal-context.tsx';
import { ConnectionStrip } from './connection-strip.tsx';

/** The strip above the pages of the router. What a page shows is read again once the service answers. */
export function QueryConnectionStrip() {
  const { connection } = usePortal();
  const { pathname } = useLocation();
  const queries = useQueryClient();
  const isSlow = useSlowNavigation();
  const isLost = useSyncExternalStore(connection.subscribe, connection.isLost);
  useEffect(() => (isLost ? () => void queries.invalidateQueries() : undefined), [isLost, queries]);
  return <ConnectionStrip isSlow={isSlow} mayMiss={pathname === '/inbox'} />;
}

/** Whether the next page has been loading for long: its files are no requests of the client. */
function useSlowNavigation(): boolean {
  const { connection } = usePortal();
  const isLoading = useNavigation().state === 'loading';
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    if (!isLoading) return undefined;
    const timer = setTimeout(() => {
      setSlow(true);
      connection.check();
    }, slowMs);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [isLoading, connection]);
  return isSlow;
}
