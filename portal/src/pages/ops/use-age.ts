import { useNow } from '../../live/use-now.ts';
import { useText } from '../../portal-context.tsx';

/** Says for how long something has stood. */
export function useAge(): (since: string) => string {
  const { sentences } = useText();
  const now = useNow(60_000);
  // what came after the last look at the clock has stood for no time yet
  return (since) => sentences.duration(Math.max(0, now.getTime() - Date.parse(since)));
}
