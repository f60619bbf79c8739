import { useNow } from '../../live/use-now.ts';
import { useText } from '../../portal-context.tsx';

/** Returns a function that formats the time since an instant. */
export function useAge(): (since: string) => string {
  const { sentences } = useText();
  const now = useNow(60_000);
  // an instant after the last update of the clock has an age of 0
  return (since) => sentences.duration(Math.max(0, now.getTime() - Date.parse(since)));
}
