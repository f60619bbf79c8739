import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The worker deployment that all versions of this service's worker belong to. */
export const deploymentName = 'help-on-demand';

/**
 * The prebuilt workflow bundle: beside the built worker. Where the sources themselves run it is what `npm run dev` makes,
 * outside of them.
 */
export const bundlePath = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../.data/workflow-bundle.js' : '../workflow-bundle.js',
    import.meta.url,
  ),
);

/**
 * The version of the workflows: a hash of their bundle. The same workflows are the same version on every machine, and
 * a changed workflow is always another version.
 * @throws if there is no bundle: a worker must not build one while it starts in production
 */
export function readBuildId(path = bundlePath): string {
  if (!existsSync(path))
    throw new Error('There is no workflow bundle beside the worker: run the build first.');
  // the source map names the folder of the build, which is no part of the workflows
  const [code = ''] = readFileSync(path, 'utf8').split('\n//# sourceMappingURL=');
  return createHash('sha256').update(code).digest('hex').slice(0, 16);
}
