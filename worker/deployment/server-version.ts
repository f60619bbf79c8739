/** The first server that orders tasks by priority unless it is configured not to (docs/sources.md). */
const firstOrdering = { major: 1, minor: 31 } as const;

/** Hosts of Temporal Cloud, whose version numbers are its own. */
const cloudHosts = ['.tmprl.cloud', '.api.temporal.io'] as const;

/** Returns whether a Temporal server orders tasks by their priority. An earlier one accepts priorities and ignores them. */
export function ordersByPriority({
  address,
  serverVersion,
}: {
  address: string;
  serverVersion: string;
}): boolean {
  const [host = ''] = address.split(':');
  if (cloudHosts.some((cloud) => host.endsWith(cloud))) return true;
  const [major = 0, minor = 0] = serverVersion.split('.').map(Number);
  if (major !== firstOrdering.major) return major > firstOrdering.major;
  return minor >= firstOrdering.minor;
}
