import { homedir } from 'node:os';
import { join } from 'node:path';

/** The user's own folder for what is fetched once and used by every checkout: servers that are not in npm. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'help-on-demand');
}
