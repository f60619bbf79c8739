import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { bundlePath } from '../worker/deployment/version.ts';
import { bundleWorkflows } from './workflow-bundle.ts';

/** Writes the workflow bundle of a worker that runs from its sources (`npm run dev`). */
const code = await bundleWorkflows();
mkdirSync(dirname(bundlePath), { recursive: true, mode: 0o700 });
// renamed when complete, because a worker may read it at any time
writeFileSync(`${bundlePath}.draft`, code);
renameSync(`${bundlePath}.draft`, bundlePath);
