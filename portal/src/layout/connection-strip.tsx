import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useLocation, useNavigation } from 'react-router';
import { slowMs } from '../live/connection.ts';
import { usePortal, useText, whenHere } from '../portal-context.tsx';

/**
 * Strip above a page while it may be out of date, or something waits long for its answer. What the page shows is read again
 * once the service answers.
 */
export function ConnectionStrip() {
  const { connection, now } = usePortal();
  const { sentences, words } = useText();
  const { pathname } = useLocation();
  const queries = useQueryClient();
  const state = useSyncExternalStore(connection.subscribe, connection.state);
  const isSlow = useSlowNavigation() || state === 'slow';
  const isLost = useSyncExternalStore(connection.subscribe, connection.isLost);
  useEffect(() => (isLost ? () => void queries.invalidateQueries() : undefined), [isLost, queries]);
  const text = words.connection;
  const heardAt = () => sentences.at(connection.heardAt(), whenHere(now()));
  return (
    <div aria-live="polite" className="hod-strip">
      {state === 'offline' || state === 'lost' ? (
        <p>
          {text[state](heardAt())} {pathname === '/inbox' ? text.mayMiss : text.mayBeOld}
        </p>
      ) : (
        isSlow && <p>{text.slow}</p>
      )}
    </div>
  );
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
