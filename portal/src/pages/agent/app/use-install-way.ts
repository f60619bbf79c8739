import { useSyncExternalStore } from 'react';
import type { InstallWay } from '../../../app/install.ts';
import { usePortal } from '../../../portal-context.tsx';

/** How the portal becomes an app on this device. */
export function useInstallWay(): InstallWay {
  const { install } = usePortal();
  return useSyncExternalStore(install.subscribe, install.way);
}
