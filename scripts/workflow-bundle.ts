import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const pathOf = (file: string) => fileURLToPath(new URL(`../workflows/${file}`, import.meta.url));
const workflowsPath = pathOf('index.ts');
const workflowInterceptorModules = [pathOf('superseded-tasks.ts')];
/**
 * Loaded once in a worker and shared by all runs, which otherwise load each module anew. They hold nothing that changes
 * (`tests/contract/structure/module-state.test.ts`).
 */
const preloadModules = [pathOf('stack-traces.ts'), workflowsPath, ...workflowInterceptorModules];

/** Bundles the workflows from their sources. @returns the code of the bundle */
export async function bundleWorkflows(): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules,
    preloadModules,
    logger: new DefaultLogger('WARN'),
  });
  return code;
}
