import { homedir } from 'node:os';
import { join } from 'node:path';

/** The user's cache folder for servers that are not in npm: fetched once, used by every checkout. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'help-on-demand');
}
