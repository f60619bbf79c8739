import { useSyncExternalStore } from 'react';
import { usePortal, useText, whenHere } from '../../portal-context.tsx';

/**
 * Strip above a page while it may be out of date, or something waits long for its answer.
 * @param isSlow whether something waits that is no request of the client
 * @param mayMiss whether the page is where people wait for something new
 */
export function ConnectionStrip({
  isSlow = false,
  mayMiss = false,
}: {
  isSlow?: boolean;
  mayMiss?: boolean;
}) {
  const { connection, now } = usePortal();
  const { sentences, words } = useText();
  const state = useSyncExternalStore(connection.subscribe, connection.state);
  const text = words.connection;
  const heardAt = () => sentences.at(connection.heardAt(), whenHere(now()));
  return (
    <div aria-live="polite" className="hod-strip">
      {state === 'offline' || state === 'lost' ? (
        <p>
          {text[state](heardAt())} {mayMiss ? text.mayMiss : text.mayBeOld}
        </p>
      ) : (
        (isSlow || state === 'slow') && <p>{text.slow}</p>
      )}
    </div>
  );
}
