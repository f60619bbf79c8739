import { useEffect, useState } from 'react';
import { usePortal } from '../portal-context.tsx';

/** Now, by the clock of the service, anew every second or as often as told (in milliseconds). */
export function useNow(everyMs = 1_000): Date {
  const { now } = usePortal();
  const [instant, setInstant] = useState(now);
  useEffect(() => {
    const tick = setInterval(() => setInstant(now()), everyMs);
    return () => clearInterval(tick);
  }, [now, everyMs]);
  return instant;
}
