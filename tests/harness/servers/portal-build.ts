import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Builds the portal as production does. @param folder is made, or emptied */
export async function buildPortal(folder: string): Promise<void> {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const { NODE_OPTIONS: _, NODE_ENV: __, ...env } = process.env;
  const build = spawn(
    process.execPath,
    [vite, 'build', 'portal', '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'],
    { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let output = '';
  build.stderr.on('data', (part: Buffer) => (output += part.toString()));
  const [code] = (await once(build, 'close')) as [number | null];
  if (code !== 0) throw new Error(`The portal could not be built: ${output}`);
}
