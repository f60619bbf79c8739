/** The push services of the browsers in use. A leading dot stands for any host below that domain. */
export const knownPushHosts: readonly string[] = [
  'fcm.googleapis.com',
  'updates.push.services.mozilla.com',
  '.push.apple.com',
  '.notify.windows.com',
];

/**
 * Whether we may post to this endpoint. A subscription is user input, and what we post to could be a machine inside
 * our own network: so https, the standard port and a known push service, or exactly the double's origin.
 */
export function isAllowedEndpoint(
  endpoint: string,
  allowedHosts: readonly string[],
  doubleOrigin?: string,
): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, hostname, port, origin, username, password } = new URL(endpoint);
  if (username || password) return false;
  if (doubleOrigin !== undefined && origin === new URL(doubleOrigin).origin) return true;
  if (protocol !== 'https:' || port !== '') return false;
  return allowedHosts.some((host) => (host.startsWith('.') ? hostname.endsWith(host) : hostname === host));
}
