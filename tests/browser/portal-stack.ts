import type { Browser } from 'playwright-core';
import type { Policy } from '../../domain/policy.ts';
import { openBrowser } from '../../scripts/browser.ts';
import { getSharedServer } from '../harness/servers/shared-servers.ts';
import { type Stack, startStack } from '../harness/stack.ts';

export interface PortalStack extends Stack {
  browser: Browser;
}

/** Starts the whole service with this run's build of the portal, and a browser. @param host name in its address */
export async function startPortalStack(
  changes: Partial<Policy> = {},
  host: '127.0.0.1' | 'localhost' = '127.0.0.1',
): Promise<PortalStack> {
  const [stack, browser] = await Promise.all([
    getSharedServer('portal').then(({ folder }) => startStack(changes, { portalFolder: folder, host })),
    openBrowser(),
  ]);
  return {
    ...stack,
    browser,
    async close() {
      await browser.close();
      await stack.close();
    },
  };
}
