import { join } from 'node:path';
import { getSharedServer } from './servers/shared-servers.ts';

/** The path of a program of the build, such as `worker/cli/import`. From its source it takes three times as long to start. */
export async function builtProgram(name: string): Promise<string> {
  const { folder } = await getSharedServer('build');
  return join(folder, `${name}.js`);
}
