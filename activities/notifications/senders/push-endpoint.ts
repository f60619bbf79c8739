/** Push services of the common browsers. A leading dot means any host below the domain. */
export const knownPushHosts: readonly string[] = [
  'fcm.googleapis.com',
  'updates.push.services.mozilla.com',
  '.push.apple.com',
  '.notify.windows.com',
];

/**
 * Returns whether we may post to an endpoint. It is user input and could name a machine inside our own network: so it
 * must be https on the standard port of a known push service, or have exactly the origin of the fake.
 */
export function isAllowedEndpoint(
  endpoint: string,
  allowedHosts: readonly string[],
  fakeOrigin?: string,
): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, hostname, port, origin, username, password } = new URL(endpoint);
  if (username || password) return false;
  if (fakeOrigin !== undefined && origin === new URL(fakeOrigin).origin) return true;
  if (protocol !== 'https:' || port !== '') return false;
  return allowedHosts.some((host) => (host.startsWith('.') ? hostname.endsWith(host) : hostname === host));
}
