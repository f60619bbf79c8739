import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import type { Policy } from '../../domain/policy.ts';
import { openBrowser } from '../../scripts/browser.ts';
import { type Stack, startStack } from '../harness/stack.ts';

export interface PortalStack extends Stack {
  browser: Browser;
}

/** Starts the whole service with a production build of the portal, and a browser. */
export async function startPortalStack(changes: Partial<Policy> = {}): Promise<PortalStack> {
  const portalFolder = mkdtempSync(join(tmpdir(), 'portal-'));
  const [stack, browser] = await Promise.all([
    buildPortal(portalFolder).then(() => startStack(changes, { portalFolder })),
    openBrowser(),
  ]);
  return {
    ...stack,
    browser,
    async close() {
      await browser.close();
      await stack.close();
      rmSync(portalFolder, { recursive: true, force: true });
    },
  };
}

async function buildPortal(folder: string): Promise<void> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
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
