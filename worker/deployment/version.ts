import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The worker deployment that all versions of this service's worker belong to. */
export const deploymentName = 'help-on-demand';

/**
 * Path of the workflow bundle: beside the built worker, or, when running from the sources, in `.data`, where
 * `npm run dev` writes it.
 */
export const bundlePath = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../.data/workflow-bundle.js' : '../workflow-bundle.js',
    import.meta.url,
  ),
);

/**
 * Reads the version of the workflows, a hash of their bundle: it is the same on every machine, and changes with every
 * change of a workflow.
 * @throws if there is no bundle: a worker must not build one while it starts in production
 */
export function readBuildId(path = bundlePath): string {
  if (!existsSync(path))
    throw new Error('There is no workflow bundle beside the worker: run the build first.');
  // without the source map, which names the folder of the build
  const [code = ''] = readFileSync(path, 'utf8').split('\n//# sourceMappingURL=');
  return createHash('sha256').update(code).digest('hex').slice(0, 16);
}
