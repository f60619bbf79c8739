import { useSyncExternalStore } from 'react';

/** Whether the tab is visible. Nothing is read for a hidden one: what it would show, nobody sees. */
export function useIsVisible(): boolean {
  return useSyncExternalStore(subscribe, isVisible);
}

const isVisible = () => document.visibilityState !== 'hidden';

function subscribe(onChange: () => void): () => void {
  document.addEventListener('visibilitychange', onChange);
  return () => document.removeEventListener('visibilitychange', onChange);
}
