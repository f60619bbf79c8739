import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { bundlePath } from '../worker/deployment/version.ts';
import { bundleWorkflows } from './workflow-bundle.ts';

/** Writes the bundle that a worker takes when it runs from its sources (`npm run dev`). */
const code = await bundleWorkflows();
mkdirSync(dirname(bundlePath), { recursive: true, mode: 0o700 });
// whole or not at all: a worker may start meanwhile
writeFileSync(`${bundlePath}.draft`, code);
renameSync(`${bundlePath}.draft`, bundlePath);
