import { useEffect, useState } from 'react';
import { usePortal } from '../portal-context.tsx';

/** Current time by the service's clock. Updates every second, or every `intervalMs`. */
export function useNow(intervalMs = 1_000): Date {
  const { now } = usePortal();
  const [instant, setInstant] = useState(now);
  useEffect(() => {
    const tick = setInterval(() => setInstant(now()), intervalMs);
    return () => clearInterval(tick);
  }, [now, intervalMs]);
  return instant;
}
