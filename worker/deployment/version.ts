import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
  const code = withoutSourceMap(readFileSync(path, 'utf8'));
  return createHash('sha256').update(code).digest('hex').slice(0, 16);
}

/** Returns the code of a bundle without its source map, which names the folder of the build and is larger than the code. */
export function withoutSourceMap(bundle: string): string {
  const [code = ''] = bundle.split('\n//# sourceMappingURL=');
  return code;
}

/** Folders whose code computes a standing from the facts, or reads the facts. */
const ruleFolders = ['../../domain/', '../../store/', '../../activities/onboarding/'];

/**
 * Reads the version of the rules by which onboardings are compared with their facts: a hash of the code that is running,
 * and of the policy. Most releases change it.
 */
export function readRulesVersion({ version: policyVersion }: { version: string }): string {
  const hash = createHash('sha256').update(policyVersion);
  for (const folder of ruleFolders) {
    const path = fileURLToPath(new URL(folder, import.meta.url));
    const files = readdirSync(path, { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => /\.[jt]s$/.test(name)).toSorted())
      hash.update(file).update(readFileSync(`${path}${file}`));
  }
  return hash.digest('hex').slice(0, 16);
}
