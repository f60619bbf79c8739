import type { Device } from './device.ts';

/** Registers the service worker of a built portal, and renews the device's pushes with it. */
export function registerServiceWorker(device: Device): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  // after the files of the first page, which it would otherwise compete with
  window.addEventListener('load', () => {
    navigator.serviceWorker
      .register('/sw.js', { updateViaCache: 'none' })
      .then(device.renew)
      .catch(() => undefined);
  });
}
