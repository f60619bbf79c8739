import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const pathOf = (file: string) => fileURLToPath(new URL(`../workflows/${file}`, import.meta.url));
const workflowsPath = pathOf('index.ts');
const workflowInterceptorModules = [pathOf('superseded-tasks.ts')];

/** Bundles the workflows from their sources. @returns the code of the bundle */
export async function bundleWorkflows(): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules,
    logger: new DefaultLogger('WARN'),
  });
  return code;
}
